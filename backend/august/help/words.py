"""What the search calls the kinds of what it finds, and why it found them."""

from august.kernel.words import N_

# In the order in which groups of equal fit stand.
KINDS = {
    "article": (N_("Help"), "book"),
    "category": (N_("Covered categories"), "tags"),
    "term": (N_("Glossary"), "language"),
    "announcement": (N_("Announcements"), "news"),
    "rule": (N_("Rule"), "gavel"),
    "page": (N_("Page"), "layout-dashboard"),
}
WHY = {
    "title": N_("the title itself"),
    "phrase_in_title": N_("the whole phrase in the title"),
    "words_in_title": N_("all words in the title"),
    "phrase_in_text": N_("the whole phrase in the text"),
    "words_in_text": N_("all words"),
    "some_words": N_("some of the words"),
}
