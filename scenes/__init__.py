"""What the show is: the show file, its pages and its timeline. Never imports bpy."""
