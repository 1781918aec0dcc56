"""What people take home: booklets, the paper to be bought and printed, the conductor's cue sheet."""
