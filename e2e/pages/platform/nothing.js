// Stands in the place of a script that the page does without.
