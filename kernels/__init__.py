"""Arrays in, arrays out: what every performer and every pixel does. Imports nothing of ours and never bpy."""
