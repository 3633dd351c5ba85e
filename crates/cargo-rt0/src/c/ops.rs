//! Async exports: the calls that begin and end one, and the calls about ops and queues, which a library has once.

use rt0_abi::decode::{Export, Gives};

use super::prototype::{Params, err, of_begin, of_end};
use super::{CType, Known, Prototype};

/// The types, with what they are.
pub fn types(prefix: &str) -> Vec<(String, String)> {
    let upper = prefix.to_ascii_uppercase();
    let docs = |name: &str| {
        match name {
        "Op" => format!(
            "An async call that has begun. Every op that began is done exactly once: with a result, an error, or \
             {upper}_CANCELLED, {upper}_TIMED_OUT, {upper}_STOPPED or {upper}_RUNTIME_LOST. Its own `_end` takes \
             the result and closes it; {prefix}_op_free closes it without. It is a number and not an address; a \
             child of fork has none of its parent's."
        ),
        "Queue" => "Where the tags of ops that are done arrive, in the order in which they were done. It is a number \
                    and not an address; a child of fork has none of its parent's."
            .to_owned(),
        name => unreachable!("a type without a text: {name}"),
    }
    };
    rt0_abi::OP_TYPES
        .iter()
        .map(|name| (format!("{prefix}_{name}"), docs(name)))
        .collect()
}

/// What the header says of an async export's blocking twin, besides its signature.
pub fn twin_note(export: &Export) -> String {
    let given_up = match export.gives {
        Gives::Later { timeout_ms } if timeout_ms >= 0 => {
            format!(", and gives it up after {timeout_ms} ms")
        }
        _ => String::new(),
    };
    format!(
        "Waits until it is done{given_up}: {}_begin does not wait.",
        export.symbol
    )
}

/// The two calls besides the twin. `None` for an export that gives its result when it returns.
///
/// # Errors
/// A type of it has no form in C: a sentence.
pub fn of_async(
    export: &Export,
    known: &Known<'_>,
    prefix: &str,
) -> Result<Option<[Prototype; 2]>, String> {
    let Gives::Later { timeout_ms } = export.gives else {
        return Ok(None);
    };
    let upper = prefix.to_ascii_uppercase();
    let symbol = &export.symbol;
    let more = vec![
        ("timeout_ms".to_owned(), CType::name("int32_t")),
        ("queue".to_owned(), handle(prefix, "Queue")),
        ("tag".to_owned(), CType::name("uint64_t")),
        ("op".to_owned(), CType::pointer(handle(prefix, "Op"))),
        err(),
    ];
    let mut begin = of_begin(export, known, more)?;
    let own = if timeout_ms < 0 {
        "-1 sets no limit".to_owned()
    } else {
        format!("-1 stands for {timeout_ms}")
    };
    let docs = [
        format!(
            "Begins {symbol} and returns at once. Texts and buffers are copied, handles are held until it is done."
        ),
        format!(
            "`timeout_ms` limits the op: {own}. `tag` comes out of `queue` when the op is done; `queue` may be \
             NULL, and then {prefix}_op_wait waits. `*op` receives the op, or NULL if nothing has begun: then no tag \
             comes. {upper}_BUSY: the queue's limit is reached."
        ),
    ];
    begin.notes.splice(0..0, docs);
    let mut end = of_end(
        export,
        known,
        prefix,
        vec![("op".to_owned(), handle(prefix, "Op"))],
    )?;
    let docs = format!(
        "Takes the result of an op of {symbol}_begin, and closes the op. It never waits: {upper}_NOT_DONE if the op \
         is not done, and then the op stays open. Any other answer is the op's own, and closes it, except \
         {upper}_INVALID_ARGUMENT and {upper}_INVALID_HANDLE."
    );
    end.notes.insert(0, docs);
    Ok(Some([begin, end]))
}

/// The calls about ops and queues, in the order of [`rt0_abi::OPS`]. Their notes say what they do.
pub fn calls(prefix: &str) -> Vec<Prototype> {
    rt0_abi::OPS.iter().map(|name| call(name, prefix)).collect()
}

fn call(name: &str, prefix: &str) -> Prototype {
    let upper = prefix.to_ascii_uppercase();
    let op = || ("op".to_owned(), handle(prefix, "Op"));
    let queue = || ("queue".to_owned(), handle(prefix, "Queue"));
    let new_queue = || ("queue".to_owned(), CType::pointer(handle(prefix, "Queue")));
    let int = |name: &str| (name.to_owned(), CType::name("int32_t"));
    let limit = || ("limit".to_owned(), CType::name("uint32_t"));
    let user = || ("user".to_owned(), CType::pointer(CType::name("void")));
    let limit_says = format!(
        "`limit`, at least 1, is how many ops may have begun without their tags being taken: past it a `_begin` \
         answers {upper}_BUSY."
    );
    let (params, docs): (Params, String) = match name {
        "op_wait" => (
            vec![op(), int("timeout_ms")],
            format!(
                "Waits until the op is done: 0 only asks, -1 waits forever, any other negative time is an invalid \
                 argument. Returns {upper}_OK when it is done: its `_end` then says how. {upper}_TIMED_OUT if it is \
                 not done in time, and goes on."
            ),
        ),
        "op_cancel" => (
            vec![op()],
            "Asks the op to end early, and does not wait. The op is still done exactly once: with its result if that \
             came first."
                .to_owned(),
        ),
        "op_free" => (
            vec![op()],
            "Closes an op without its result. If it is not done it is cancelled; its tag still comes. NULL is allowed."
                .to_owned(),
        ),
        "queue_new" => (
            vec![limit(), new_queue(), err()],
            format!("Makes a queue: {prefix}_queue_take takes from it. {limit_says}"),
        ),
        "queue_call" => (
            vec![
                limit(),
                (
                    "done".to_owned(),
                    CType::Function {
                        params: vec![
                            CType::pointer(CType::name("void")),
                            CType::name("uint64_t"),
                        ],
                        result: Box::new(CType::name("void")),
                    },
                ),
                user(),
                new_queue(),
                err(),
            ],
            format!(
                "Makes a queue that calls `done` with `user` and each tag, on a thread of the library's own. The last \
                 choice: that thread is foreign to your program. A virtual machine must know it before `done` enters \
                 the machine, and must not have ended; what `done` waits for, the tags behind it wait for too. \
                 Prefer {prefix}_queue_new. {limit_says}"
            ),
        ),
        "queue_free" => (
            vec![queue()],
            format!(
                "Closes a queue and drops its tags. Who waits in {prefix}_queue_take gets {upper}_STOPPED. Ops that have \
                 begun go on, without a tag. Where the queue calls `done`, waits until a call under way has returned, \
                 except in that call: hold no lock that `done` takes. NULL is allowed."
            ),
        ),
        "queue_take" => (
            vec![
                queue(),
                ("tags".to_owned(), CType::pointer(CType::name("uint64_t"))),
                ("room".to_owned(), CType::name("size_t")),
                ("count".to_owned(), CType::pointer(CType::name("size_t"))),
                int("timeout_ms"),
            ],
            format!(
                "Takes up to `room` tags, at least 1, and waits for the first as {prefix}_op_wait does. `*count` \
                 receives how many were taken. {upper}_TIMED_OUT: none came in time. {upper}_STOPPED: the queue was \
                 freed, or the library was shut down and its last tag is taken. Any number of threads may take."
            ),
        ),
        "queue_fd" => (
            vec![
                queue(),
                ("fd".to_owned(), CType::pointer(CType::name("intptr_t"))),
                err(),
            ],
            format!(
                "Gives a descriptor for an event loop, which the caller owns and closes. It is readable when tags have \
                 arrived since {prefix}_queue_take last found the queue empty: read it until it would block, whatever \
                 it holds, then take until {upper}_TIMED_OUT with 0 as the time. It ends when the library shuts down \
                 or the queue is freed. {upper}_NO_THREAD: the start policy `quiet` makes no threads, so nothing would go \
                 on while you watch. Windows has no such descriptor: take on a thread of your own there."
            ),
        ),
        name => unreachable!("a call about ops without a prototype: {name}"),
    };
    Prototype {
        symbol: format!("{prefix}_{name}"),
        result: CType::name("int32_t"),
        params,
        notes: vec![docs],
    }
}

/// A pointer to one of the types.
fn handle(prefix: &str, name: &str) -> CType {
    CType::pointer(CType::name(format!("{prefix}_{name}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_call_and_type_has_its_text() {
        let lines: Vec<_> = super::calls("x").iter().map(|call| call.line()).collect();
        assert_eq!(
            lines,
            [
                "int32_t x_op_wait(x_Op *op, int32_t timeout_ms)",
                "int32_t x_op_cancel(x_Op *op)",
                "int32_t x_op_free(x_Op *op)",
                "int32_t x_queue_new(uint32_t limit, x_Queue **queue, char **err)",
                "int32_t x_queue_call(uint32_t limit, void (*done)(void *, uint64_t), void *user, \
                 x_Queue **queue, char **err)",
                "int32_t x_queue_free(x_Queue *queue)",
                "int32_t x_queue_take(x_Queue *queue, uint64_t *tags, size_t room, size_t *count, \
                 int32_t timeout_ms)",
                "int32_t x_queue_fd(x_Queue *queue, intptr_t *fd, char **err)",
            ]
        );
        assert_eq!(super::types("x").len(), rt0_abi::OP_TYPES.len());
    }
}
