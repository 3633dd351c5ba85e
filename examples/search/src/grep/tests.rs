use std::cell::Cell;
use std::fs;
use std::sync::Arc;

use super::*;
use crate::settings::{Settings, Store};

/// A directory with a hundred files of two lines, in an engine.
async fn engine() -> (tempfile::TempDir, Arc<Engine>) {
    let dir = tempfile::tempdir().unwrap();
    for i in 0..100 {
        let text = format!("the cat\nand dog.number({i})\n");
        fs::write(dir.path().join(format!("{i:02}.txt")), text).unwrap();
    }
    let settings = Settings {
        directory: dir.path().to_owned(),
        store: Store::Memory,
    };
    let engine = Arc::new(Engine::open(settings).await.unwrap());
    (dir, engine)
}

fn wanted(query: &str, text: &str, most: usize) -> Wanted {
    Wanted {
        query: query.to_owned(),
        text: text.to_owned(),
        most,
    }
}

async fn found(engine: &Arc<Engine>, query: &str, text: &str, most: usize) -> Lines {
    let wanted = wanted(query, text, most);
    grep(engine.clone(), wanted, || false).await.unwrap()
}

#[tokio::test]
async fn every_line_with_the_text_is_found() {
    let (_dir, engine) = engine().await;
    let all = found(&engine, "cat", "dog.number(", usize::MAX).await;
    assert_eq!((all.lines.len(), all.read, all.files), (100, 100, 100));
    let line = all.lines.iter().find(|line| line.path == "42.txt").unwrap();
    assert_eq!((line.number, &*line.text), (2, "and dog.number(42)"));
    let none = found(&engine, "cat", "Dog", usize::MAX).await;
    assert_eq!((none.lines.len(), none.read), (0, 100));
    let no_files = found(&engine, "elephant", "", usize::MAX).await;
    assert_eq!(no_files, Lines::default());
}

#[tokio::test]
async fn it_ends_when_there_are_enough() {
    let (_dir, engine) = engine().await;
    let some = found(&engine, "cat", "cat", 3).await;
    assert_eq!((some.lines.len(), some.read, some.files), (3, TURN, 100));
}

#[tokio::test]
async fn a_cancelled_one_has_what_it_has_found_so_far() {
    let (_dir, engine) = engine().await;
    let asked = Cell::new(0);
    let third_time = || asked.replace(asked.get() + 1) == 2;
    let found = grep(engine, wanted("cat", "cat", usize::MAX), third_time).await;
    let found = found.unwrap();
    assert_eq!((found.read, found.files), (2 * TURN, 100));
    assert_eq!(found.lines.len(), 2 * TURN);
}

#[tokio::test]
async fn a_bad_query_is_an_error() {
    let (_dir, engine) = engine().await;
    let found = grep(engine, wanted("(cat", "cat", 1), || false).await;
    assert_eq!(rt0::ErrorCode::code(&found.unwrap_err()), 5);
}

#[tokio::test]
async fn a_document_whose_path_leads_elsewhere_is_not_read() {
    let (dir, engine) = engine().await;
    let outside = tempfile::NamedTempFile::new().unwrap();
    fs::write(outside.path(), "a giraffe").unwrap();
    let adding = engine.clone();
    let path = outside.path().display().to_string();
    let up = format!("{}{path}", "../".repeat(dir.path().components().count()));
    let add = move || ["gone.txt", &path, &up].map(|path| adding.add_document(path, "a giraffe"));
    let added = spawn_blocking(add).await.unwrap();
    assert!(added.iter().all(Result::is_ok), "{added:?}");
    let found = found(&engine, "giraffe", "giraffe", usize::MAX).await;
    assert_eq!((found.lines.len(), found.read), (0, 3));
}
