//! The kinds of check, and when each is judged. Reads snapshots, never the client.
