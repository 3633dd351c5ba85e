//! A trace: lanes of bars. All times are nanoseconds.

/// What happened to a library.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The file's name.
    pub library: String,
    /// The path of the file, and what loaded it.
    pub about: String,
    /// What went wrong, as a sentence.
    pub problem: Option<String>,
    /// What else there is to say, a sentence each.
    pub notes: Vec<String>,
    /// The load and the start; the end.
    pub parts: Vec<Part>,
    /// The process, and its name.
    pub process: (u32, String),
    /// The names of threads, as far as they are known.
    pub threads: Vec<(u32, String)>,
}

/// A part with an axis of its own: what lies between two parts may be long, and nothing happens there.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What it shows.
    pub title: String,
    /// Its beginning, on the clock of the trace.
    pub zero: u64,
    /// How long it is.
    pub length: u64,
    /// What is below each other.
    pub lanes: Vec<Lane>,
}

/// Bars of one kind, one below the other.
#[derive(Clone, Debug)]
pub struct Lane {
    /// What they are about.
    pub name: String,
    /// How they look.
    pub look: Look,
    /// In the order in which they begin.
    pub bars: Vec<Bar>,
    /// What is not among them, as a sentence.
    pub left_out: Option<String>,
}

/// What took time.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// How far it is indented: it is a part of one above.
    pub depth: usize,
    /// When it began, since the beginning of the part.
    pub begin: u64,
    /// Its end.
    pub end: End,
    /// The thread on which it happened, if that is known.
    pub thread: Option<u32>,
}

/// The end of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It took no time.
    Moment,
    /// Since the beginning of the part.
    At(u64),
    /// It was not over when the process ended.
    Never,
}

/// How bars look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// What the host does.
    Host,
    /// What the library does.
    Library,
    /// Calls that wait.
    Wait,
    /// What the dynamic loader does.
    Loader,
    /// Threads.
    Thread,
}

impl Look {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Look::Host => "host",
            Look::Library => "library",
            Look::Wait => "wait",
            Look::Loader => "loader",
            Look::Thread => "thread",
        }
    }
}

impl Bar {
    /// How long it took, if it took time and was over.
    pub fn took(&self) -> Option<u64> {
        match self.end {
            End::At(end) => Some(end - self.begin),
            End::Moment | End::Never => None,
        }
    }
}
