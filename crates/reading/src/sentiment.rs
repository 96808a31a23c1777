//! What a text says about the prospects of what it names.
