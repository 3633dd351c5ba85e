//! What a Mach-O file says about how it is linked and loaded.

use std::error::Error;

use object::{Object, ObjectSection, ObjectSymbol, SymbolFlags};

use super::elf::{Link, Tls, Versions};
use crate::image::Budget;
use crate::macho;

/// Reads it.
///
/// # Errors
/// The file is damaged, or its names are longer than the budget.
pub fn read(
    file: &macho::File<'_>,
    budget: &mut Budget,
) -> Result<Link, Box<dyn Error + Send + Sync>> {
    let commands = macho::read(file)?;
    let mut link = Link {
        // What is not bound at the first call is bound at the load.
        bind_now: !commands.lazy,
        ..Link::default()
    };
    if let Some(name) = commands.install_name {
        link.soname = Some(budget.text(name)?);
    }
    for name in &commands.needed {
        link.needed.push(budget.text(name)?);
    }
    for symbol in file.symbols().filter(ObjectSymbol::is_undefined) {
        // What any library may have, or the program itself, belongs to none.
        let library = ordinal(&symbol).and_then(|at| commands.needed.get(at));
        let Some(library) = library else {
            continue;
        };
        let name = budget.text(macho::c_name(symbol.name_bytes()?))?;
        let library = budget.text(library)?;
        link.imports.entry(library).or_default().push(name);
    }
    link.versions = commands.versions.map(|[current, compatibility]| Versions {
        current: current.to_string(),
        compatibility: compatibility.to_string(),
    });
    link.oldest_system = commands
        .system
        .map(|system| format!("{} {}", system.name(), system.oldest));
    // A thread's copies are made when it first uses one: there is no other kind.
    let mut sections = file.sections();
    if sections.any(|section| section.name() == Ok("__thread_vars")) {
        link.tls = Tls::Dynamic;
    }
    Ok(link)
}

/// Which of the libraries that the file needs has this symbol. They are counted from one; the highest numbers mean
/// something else.
fn ordinal<'data>(symbol: &impl ObjectSymbol<'data>) -> Option<usize> {
    match symbol.flags() {
        SymbolFlags::MachO { n_desc } => usize::from(n_desc >> 8).checked_sub(1),
        _ => None,
    }
}
