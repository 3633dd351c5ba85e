//! Python 3.9 or later, by ctypes: nothing to install.

use minijinja::Value;
use minijinja::value::Serde;

use super::language::{Bundle, Language, Package};
use super::model::Model;
use crate::error::Result;

/// The language.
pub(super) struct Python;

impl Language for Python {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[("README.md", include_str!("templates/README.md.j2"))]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        Ok(
            minijinja::context! { library => Value::from(Serde(&model.library)), package => package.name.as_str() },
        )
    }

    fn bundled(&self, package: &Package, bundle: &Bundle) -> String {
        format!("{}/{}", package.name, bundle.file)
    }
}
