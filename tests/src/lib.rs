//! What no one crate can promise alone.
