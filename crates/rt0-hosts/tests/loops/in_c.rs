//! epoll and poll, in C.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

use crate::said::{LIMIT, check, starts};

fn run(host: &str, args: &[&str]) -> Said {
    let host = cc::linked(host, &fixture("shop"));
    let ran = Host::compiled(host).args(args).limit(LIMIT).run();
    let said = check(&ran);
    assert_eq!(said.one("closes at exec"), "1");
    assert_eq!(said.one("does not block"), "1");
    assert_eq!(said.one("cancel"), "0");
    starts(&said, "cancelled", "-20 ");
    starts(&said, "late", "-15 ");
    assert_eq!(said.one("shutdown"), "0");
    said
}

#[test]
fn epoll_by_level() {
    run("loops/epoll.c", &[]);
}

#[test]
fn epoll_by_edge() {
    run("loops/epoll.c", &["edge"]);
}

#[test]
fn poll() {
    run("loops/poll.c", &[]);
}
