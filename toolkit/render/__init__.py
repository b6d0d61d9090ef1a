"""From a TEI tree to text of one format, by one template per element.

Takes an element, what the edition knows of it (facts), a format and a view;
gives a string. Nothing here touches the disk but the loading of templates.
"""
