//! The fields of a document in the index.

use tantivy::schema::{FAST, Field, STORED, STRING, Schema, TEXT, Value};
use tantivy::{TantivyDocument, Term};

/// The fields, each named after its purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// The path, unchanged: what a hit shows, and what identifies a document.
    pub path: Field,
    /// The words in the path.
    pub name: Field,
    /// The words of the text.
    pub body: Field,
    /// The length of the text in bytes.
    pub size: Field,
}

impl Fields {
    /// Makes the schema.
    pub fn schema() -> (Schema, Fields) {
        let mut schema = Schema::builder();
        let fields = Fields {
            path: schema.add_text_field("path", STRING | STORED),
            name: schema.add_text_field("name", TEXT),
            body: schema.add_text_field("body", TEXT),
            size: schema.add_u64_field("size", FAST),
        };
        (schema.build(), fields)
    }

    /// Makes a document.
    pub fn document(&self, path: &str, text: &str) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.path, path);
        document.add_text(self.name, path);
        document.add_text(self.body, text);
        document.add_u64(self.size, text.len() as u64);
        document
    }

    /// The path in a stored document.
    pub fn path_of(&self, document: &TantivyDocument) -> String {
        let path = document.get_first(self.path);
        path.and_then(|v| v.as_str()).unwrap_or("").to_owned()
    }

    /// The term that finds the document with this path.
    pub fn path_term(&self, path: &str) -> Term {
        Term::from_field_text(self.path, path)
    }
}
