//! What goes over a call's interface besides the call: events.

mod events;
