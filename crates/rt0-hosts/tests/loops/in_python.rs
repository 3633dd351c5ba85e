//! asyncio, in Python.

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{python, source};

use crate::said::{LIMIT, check, starts};

#[test]
fn asyncio_watches_the_queue() {
    let python = named_target().is_empty().then(python).flatten();
    let Some(python) = python else {
        return skipped(
            "asyncio_watches_the_queue",
            "it needs python3, and no other target",
        );
    };
    let ran = Host::new(python)
        .arg(source("loops/asyncio_loop.py"))
        .arg(fixture("shop").library())
        .limit(LIMIT)
        .run();
    let said = check(&ran);
    assert_eq!(said.one("closes at exec"), "1");
    assert_eq!(said.one("does not block"), "1");
    starts(&said, "late", "-15 ");
    assert_eq!(said.one("cancelled"), "CancelledError");
    assert_eq!(said.one("shutdown"), "0");
}
