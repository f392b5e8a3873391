//! CEL expressions over live objects, with our own value conversion, and why they failed.
