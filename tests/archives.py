"""Small archives of one article under many ids."""

import json
from pathlib import Path

BODY = "The harbour of Lindmouth opened a second quay on Monday."


def article(identity: object, **more: object) -> dict:
    return {"id": identity, "body": BODY, **more}


def archive(folder: Path, *rows: object, name: str = "a.jsonl") -> Path:
    """A JSONL file; a row that is text stands as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file = folder / name
    file.write_text("".join(line + "\n" for line in lines), "utf-8")
    return file
