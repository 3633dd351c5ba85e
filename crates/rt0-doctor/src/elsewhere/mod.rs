//! Where no library can be loaded under supervision: only the file is read.

pub mod subject;
pub mod supervise;
