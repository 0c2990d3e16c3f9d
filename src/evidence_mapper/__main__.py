"""``python -m evidence_mapper``."""

from evidence_mapper.cli import main

if __name__ == "__main__":
    main()
