"""What is made of a document: its text, its page, and the proof that both are whole."""
