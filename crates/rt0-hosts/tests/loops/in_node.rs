//! node's event loop.

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{node, npm_packages, source};

use crate::said::{LIMIT, check, starts};

#[test]
fn a_socket_of_nodes_watches_the_queue() {
    let tools = || Some((node()?, npm_packages("loops", "koffi")?));
    let Some((node, packages)) = named_target().is_empty().then(tools).flatten() else {
        return skipped(
            "a_socket_of_nodes_watches_the_queue",
            "it needs node 20 and koffi (ci/setup.sh), and no other target",
        );
    };
    let ran = Host::new(node)
        .arg(source("loops/node_loop.cjs"))
        .arg(fixture("shop").library())
        .arg(packages.join("package.json"))
        .limit(LIMIT)
        .run();
    let said = check(&ran);
    starts(&said, "late", "-15 ");
    starts(&said, "cancelled", "-20 ");
    assert_eq!(said.one("shutdown"), "0");
}
