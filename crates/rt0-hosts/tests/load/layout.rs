//! How a library's variables lie in memory: the load touches each page with one that it uses.

use object::{Object, ObjectSection};
use rt0_hosts::fixture::fixture;

/// Large zeros among the small variables would spread these over more pages.
#[test]
fn the_small_variables_lie_together_and_the_page_for_forks_behind_them() {
    for library in ["hello", "calm"] {
        let data = std::fs::read(fixture(library).library()).expect("it was built");
        let file = object::File::parse(&*data).expect("a shared library");
        let section = |name| file.section_by_name(name).expect(name);
        let (small, page) = (section(".bss"), section(".rt0_generation"));
        assert!(small.address() < page.address(), "{library}");
        // Among them are the groups of the descriptors' marks, and std's variables.
        assert!(small.size() < 2048, "{library}: {} bytes", small.size());
    }
}
