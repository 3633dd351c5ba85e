//! What a fork costs with the library loaded, and the first call in the child.

use std::path::PathBuf;

use anyhow::Result;

use super::{Bench, Measured, path, word};
use crate::bench::build::copies;
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::in_turns;

const ROUNDS: usize = 60;
const ROUNDS_WITH_COPIES: usize = 30;
const COPIES: usize = 200;
/// Each process forks this often, and the middle one counts.
const FORKS: &str = "21";

/// The first call in a child boots a runtime of its own, without loading anything.
pub fn child(bench: &Bench) -> Result<Measured> {
    const CHILD: usize = 0;
    const FAULTS: usize = 1;
    const PARENT: usize = 2;
    let host = bench.on_one();
    let [taken] = in_turns(bench.rounds(ROUNDS), |_| {
        host.run(
            "child",
            [
                path(&bench.built.rt0),
                word("bench_add"),
                word("bench_report"),
            ],
        )
    })?;
    let faults = Some(taken.median(FAULTS));
    let ours = taken.side("rt0, in the child", CHILD).counted(faults, None);
    let theirs = taken.side("rt0, in the parent", PARENT);
    let id = ("fork.child-first-call", "against the parent's boot");
    let row = Row::new(id, "ns", Compare::Ratio, &ours, Some(&theirs));
    Ok(Measured::of(vec![row]))
}

/// The fork itself, in the parent.
pub fn cost(bench: &Bench) -> Result<Measured> {
    let built = bench.built;
    let peer = &built.constructor.same_link;
    let host = bench.on_one();
    let fork = |add: &str, libraries: &[PathBuf]| {
        let libraries = libraries.iter().map(|library| path(library));
        host.run(
            "fork",
            [word(add), word(FORKS)].into_iter().chain(libraries),
        )
    };
    let one = [vec![built.rt0.clone()], Vec::new(), vec![peer.clone()]];
    let [ours, none, by_hand] = in_turns(bench.rounds(ROUNDS), |which| {
        fork(["bench_add", "", "hand_add"][which], &one[which])
    })?;
    let many = [copies(&built.rt0, COPIES)?, copies(peer, COPIES)?];
    let [ours_many, by_hand_many] = in_turns(bench.rounds(ROUNDS_WITH_COPIES), |which| {
        fork(["bench_add", "hand_add"][which], &many[which].files)
    })?;
    let row = |case, ours: &Side, theirs: &Side| {
        Row::new(
            ("fork.cost", case),
            "ns",
            Compare::Ratio,
            ours,
            Some(theirs),
        )
    };
    let (one, many) = (ours.side("rt0", 0), ours_many.side("200 of rt0", 0));
    Ok(Measured::of(vec![
        row("1 library against none", &one, &none.side("no library", 0)),
        row(
            "1 library against the constructor's",
            &one,
            &by_hand.side("constructor, same link", 0),
        ),
        row(
            "200 copies against the constructor's",
            &many,
            &by_hand_many.side("200 of the constructor's, same link", 0),
        ),
    ]))
}
