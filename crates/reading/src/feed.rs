//! What an outlet sent, as items of plain text.
