//! Chrome's trace format, which Perfetto opens: times in microseconds since the load began.

use serde_json::{Value, json};

use crate::model::{End, Lane, Look, Trace};

/// The numbers of threads that are none: a lane whose bars have none of their own.
fn stand_in(look: Look) -> u32 {
    // Above the largest number that the kernel gives to a thread.
    const NONE: u32 = 1 << 23;
    NONE + match look {
        Look::Host => 0,
        Look::Library => 1,
        Look::Wait => 2,
        Look::Loader => 3,
        Look::Thread => 4,
    }
}

/// The JSON.
pub fn chrome(trace: &Trace) -> String {
    let process = trace.process.0;
    let mut events = vec![meta(process, process, "process_name", &trace.process.1)];
    let mut named: Vec<u32> = Vec::new();
    let mut name = |id: u32, text: &str, events: &mut Vec<Value>| {
        if !named.contains(&id) {
            named.push(id);
            events.push(meta(process, id, "thread_name", text));
        }
    };
    for (id, text) in &trace.threads {
        name(*id, text, &mut events);
    }
    for part in &trace.parts {
        for lane in &part.lanes {
            for bar in &lane.bars {
                let thread = thread(lane, bar.thread);
                if thread == stand_in(lane.look) {
                    name(thread, &lane.name, &mut events);
                } else {
                    name(thread, &format!("thread {thread}"), &mut events);
                }
                let since = |nanos: u64| (part.zero + nanos) as f64 / 1000.0;
                let mut event = json!({
                    "name": bar.name, "cat": lane.look.word(), "pid": process, "tid": thread,
                    "ts": since(bar.begin), "ph": "X",
                });
                match bar.end {
                    // That was later than its true beginning, so the rest of its row would not lie inside.
                    _ if lane.look == Look::Thread => {
                        event["name"] = "seen".into();
                        event["ph"] = "i".into();
                        event["s"] = "t".into();
                    }
                    End::Moment => {
                        event["ph"] = "i".into();
                        event["s"] = "t".into();
                    }
                    End::At(end) => event["dur"] = ((end - bar.begin) as f64 / 1000.0).into(),
                    // It has a beginning and no end.
                    End::Never => event["ph"] = "B".into(),
                }
                events.push(event);
            }
        }
    }
    let mut all = json!({ "traceEvents": events, "displayTimeUnit": "ns" });
    all["otherData"] = json!({ "library": trace.library, "about": trace.about, "problem": trace.problem,
        "notes": trace.notes });
    format!("{all:#}\n")
}

/// A row in the viewer.
fn thread(lane: &Lane, of_bar: Option<u32>) -> u32 {
    of_bar.unwrap_or_else(|| stand_in(lane.look))
}

fn meta(process: u32, thread: u32, what: &str, name: &str) -> Value {
    json!({ "name": what, "ph": "M", "pid": process, "tid": thread, "args": { "name": name } })
}
