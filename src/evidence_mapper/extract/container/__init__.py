"""Files that hold other files: archives and messages. Nothing inside them is ever written to disk."""
