//! The smallest library: a state, an async start, one call.

struct Greeting {
    who: String,
}

/// Runs automatically when a host loads the library.
#[rt0::init]
async fn init(args: rt0::Args) -> Result<Greeting, String> {
    let who = args.var("USER").and_then(|user| user.to_str());
    Ok(Greeting {
        who: who.unwrap_or("world").to_owned(),
    })
}

/// Greets, with as many exclamation marks as you like.
#[rt0::export]
fn greet(greeting: rt0::State<'_, Greeting>, marks: u32) -> Result<String, String> {
    if marks > 100 {
        return Err(format!(
            "{marks} exclamation marks are too many: 100 will do"
        ));
    }
    Ok(format!(
        "Hello, {}{}",
        greeting.who,
        "!".repeat(marks as usize)
    ))
}
