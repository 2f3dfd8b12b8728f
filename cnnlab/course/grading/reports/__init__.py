"""What comes of a graded lab: how the class did, grades for a platform, words, mail, likeness."""
