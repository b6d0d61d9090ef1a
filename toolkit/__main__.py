"""``python -m toolkit``: the same command as ``edition``."""

from toolkit.cli import main

if __name__ == "__main__":
    main()
