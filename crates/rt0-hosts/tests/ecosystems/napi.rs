//! napi-rs, in Node.js.
