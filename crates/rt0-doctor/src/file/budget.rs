//! How much may be taken out of a file that somebody has crafted.

use object::{Object, ObjectSection};

/// How many bytes of names may still be taken out of a file. Names can overlap, and then add up to far more than the
/// file itself.
pub struct Budget(usize);

impl Budget {
    /// For a file of this many bytes.
    pub fn of(bytes: usize) -> Budget {
        Budget(bytes.saturating_mul(4).saturating_add(4096))
    }

    /// A name, unless it exceeds the budget.
    ///
    /// # Errors
    /// It does: what is wrong with the file.
    pub fn text(&mut self, name: &[u8]) -> Result<String, &'static str> {
        let left = self.0.checked_sub(name.len());
        self.0 = left.ok_or("is damaged: its names overlap")?;
        Ok(String::from_utf8_lossy(name).into_owned())
    }
}

/// Whether the sections overlap so much that reading each one would take far longer than reading the file.
pub fn sections_overlap(file: &object::File<'_>, bytes: &[u8]) -> bool {
    let sizes = file
        .sections()
        .filter_map(|section| Some(section.file_range()?.1));
    let total = sizes.fold(0u64, u64::saturating_add);
    total > (bytes.len() as u64).saturating_mul(2)
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn names_that_overlap_do_not_add_up_to_more_than_the_file_can_have() {
        let mut budget = Budget::of(1000);
        let name = [b'a'; 1000];
        // Many symbols with the same name.
        let taken = (0..100).take_while(|_| budget.text(&name).is_ok()).count();
        assert_eq!(taken, 8);
    }
}
