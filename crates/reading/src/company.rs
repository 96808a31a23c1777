//! Which companies a text names, and how sure that is.
