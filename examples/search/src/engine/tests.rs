use std::fs;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;

/// Enough stack for a query, even in a build that is not optimised.
const STACK: usize = 256 << 10;

/// A directory with three texts, and with files of the kinds that are left out.
fn library() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
    write("cat.txt", b"The cat sleeps. The cat eats.");
    write("dog.txt", b"A dog barks at the cat.");
    write("bird_song.md", b"Birds sing in the morning.");
    write("picture.bin", b"\x89PNG\0\0");
    write("latin1.txt", b"caf\xe9");
    write("long.txt", &vec![b'a'; crate::files::LARGEST as usize + 1]);
    dir
}

fn settings(dir: &TempDir, store: Store) -> Settings {
    Settings {
        directory: dir.path().to_owned(),
        store,
    }
}

async fn open(dir: &TempDir) -> Engine {
    Engine::open(settings(dir, Store::Memory)).await.unwrap()
}

async fn refused(settings: Settings) -> String {
    match Engine::open(settings).await {
        Ok(_) => panic!("the engine opened"),
        Err(error) => error.to_string(),
    }
}

fn paths(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.path.as_str()).collect()
}

#[tokio::test]
async fn the_best_hit_comes_first() {
    let dir = library();
    let engine = open(&dir).await;
    let found = engine.search("cat", 10).unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(paths(&found), ["cat.txt", "dog.txt"]);
    assert!(found.hits[0].score > found.hits[1].score);
    assert!(found.hits[1].score > 0.0);
}

#[tokio::test]
async fn a_hit_by_its_index_and_all_as_json() {
    let dir = library();
    let found = open(&dir).await.search("sleeps", 10).unwrap();
    let hit = found.hit(0).unwrap();
    assert_eq!(hit.path, "cat.txt");
    let json = format!(
        "{{\"total\":1,\"hits\":[{{\"path\":\"cat.txt\",\"score\":{}}}]}}",
        hit.score
    );
    assert_eq!(found.to_json(), json);
    let text = found.hit(1).unwrap_err().to_string();
    assert_eq!(
        text,
        "there is no hit 1: the results have 1, counted from 0"
    );
}

#[tokio::test]
async fn words_phrases_operators_and_names() {
    let dir = library();
    let engine = open(&dir).await;
    let of = |query: &str| engine.search(query, 10).unwrap().total;
    assert_eq!(of("CAT"), 2);
    assert_eq!(of("cat AND dog"), 1);
    assert_eq!(of("cat -dog"), 1);
    assert_eq!(of("\"the cat eats\""), 1);
    assert_eq!(of("\"eats cat\""), 0);
    assert_eq!(of("song"), 1, "a word of the file's name");
    assert_eq!(of("name:md"), 1);
    assert_eq!(of("elephant"), 0);
    assert_eq!(of(""), 0);
}

#[tokio::test]
async fn any_limit_is_fine() {
    let dir = library();
    let engine = open(&dir).await;
    for (limit, shown) in [(0, 0), (1, 1), (2, 2), (usize::MAX, 2)] {
        let found = engine.search("cat", limit).unwrap();
        assert_eq!((found.total, found.hits.len()), (2, shown), "{limit}");
    }
}

#[tokio::test]
async fn an_empty_directory_is_an_empty_index() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(&dir).await;
    assert_eq!(engine.search("cat", 5).unwrap().total, 0);
    assert_eq!(engine.count("cat").unwrap(), 0);
    assert_eq!(engine.summary().unwrap().documents, 0);
}

#[tokio::test]
async fn a_bad_query_is_answered_with_the_parser_s_words() {
    let dir = library();
    let engine = open(&dir).await;
    for (query, why) in [
        ("(cat", "Syntax Error"),
        ("cat AND", "Syntax Error"),
        ("colour:red", "Field does not exist: 'colour'"),
        ("-cat", "Only excluding terms"),
        ("size:3", "not declared as indexed"),
    ] {
        let error = engine.search(query, 5).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(query) && text.contains(why), "{text}");
        assert_eq!(rt0::ErrorCode::code(&error), 5);
    }
}

#[tokio::test]
async fn a_query_fits_on_the_small_stack_of_a_host_s_thread() {
    let dir = library();
    let engine = open(&dir).await;
    let longest = |part: &str| part.repeat(4096 / part.len());
    let queries = [
        "(".repeat(16) + "cat" + &")".repeat(16),
        "(".repeat(4000),
        "NOT ".repeat(16) + "cat",
        longest("NOT "),
        longest("-"),
        longest("a AND "),
        longest("a OR NOT "),
        longest("(cat) "),
        longest("cat* "),
    ];
    let asking = std::thread::Builder::new().stack_size(STACK);
    let asking = asking.spawn(move || {
        for query in queries {
            // The result does not matter, only that there is one.
            let _ = engine.search(&query, 5);
        }
    });
    asking.unwrap().join().unwrap();
}

#[tokio::test]
async fn count_is_the_number_of_documents_with_a_word() {
    let dir = library();
    let engine = open(&dir).await;
    assert_eq!(engine.count("cat").unwrap(), 2);
    assert_eq!(engine.count(" Cat! ").unwrap(), 2);
    assert_eq!(engine.count("sleeps").unwrap(), 1);
    assert_eq!(engine.count("song").unwrap(), 0, "only in a file's name");
    for text in ["", "  ", "two words", "bird_song"] {
        let error = engine.count(text).unwrap_err();
        assert!(matches!(error, Error::NotOneWord(_)), "{text}: {error}");
    }
}

#[tokio::test]
async fn an_added_document_is_found_at_once_and_replaces_its_older_self() {
    let dir = library();
    let engine = open(&dir).await;
    engine.add_document("note", "an elephant").unwrap();
    assert_eq!(paths(&engine.search("elephant", 5).unwrap()), ["note"]);
    assert_eq!(engine.count("elephant").unwrap(), 1);
    engine.add_document("note", "a giraffe").unwrap();
    assert_eq!(engine.count("elephant").unwrap(), 0);
    assert_eq!(engine.count("giraffe").unwrap(), 1);
    assert_eq!(engine.summary().unwrap().documents, 4);
    let error = engine.add_document("", "nameless").unwrap_err();
    assert!(matches!(error, Error::NoPath));
}

#[tokio::test]
async fn nothing_can_be_added_after_close() {
    let dir = library();
    let engine = open(&dir).await;
    engine.close();
    engine.close();
    let error = engine.add_document("note", "late").unwrap_err();
    assert!(matches!(error, Error::Closed));
    assert_eq!(engine.search("cat", 5).unwrap().total, 2);
}

#[tokio::test]
async fn the_summary_counts_what_is_in_and_what_was_left_out() {
    let dir = library();
    let engine = open(&dir).await;
    let before = engine.summary().unwrap();
    assert_eq!(before.documents, 3);
    assert_eq!(before.bytes, 29 + 23 + 26);
    assert_eq!((before.skipped.binary, before.skipped.too_large), (2, 1));
    assert_eq!(before.skipped.unreadable, 0);
    assert!(before.index_bytes > 0);
    assert!(!before.opening.is_zero());
    engine.add_document("cat.txt", "none").unwrap();
    let after = engine.summary().unwrap();
    assert_eq!((after.documents, after.bytes), (3, 4 + 23 + 26));
}

#[tokio::test]
async fn a_directory_that_can_not_be_indexed_is_named() {
    let dir = library();
    let mut here = settings(&dir, Store::Memory);
    here.directory.push("nowhere");
    let text = refused(here).await;
    assert!(text.contains("nowhere: No such file"), "{text}");

    let mut here = settings(&dir, Store::Memory);
    here.directory.push("cat.txt");
    let text = refused(here).await;
    assert!(text.contains("cat.txt: it is not a directory"), "{text}");
}

#[tokio::test]
async fn an_index_on_disk_is_built_once_and_opened_afterwards() {
    let dir = library();
    let place = dir.path().join("an index");
    let store = || settings(&dir, Store::Disk(place.clone()));
    let first = Engine::open(store()).await.unwrap();
    first.add_document("note", "an elephant").unwrap();
    let before = first.summary().unwrap();
    drop(first);

    fs::write(dir.path().join("later.txt"), "a cat that came later").unwrap();
    let second = Engine::open(store()).await.unwrap();
    let after = second.summary().unwrap();
    assert_eq!((after.documents, after.bytes), (4, before.bytes));
    assert_eq!(after.skipped, before.skipped);
    assert_eq!(second.count("cat").unwrap(), 2);
    assert_eq!(second.count("elephant").unwrap(), 1);
}

#[tokio::test]
async fn two_engines_share_an_index_on_disk() {
    let dir = library();
    let place = tempfile::tempdir().unwrap();
    let store = || settings(&dir, Store::Disk(place.path().to_owned()));
    let first = Engine::open(store()).await.unwrap();
    let second = Engine::open(store()).await.unwrap();
    first.add_document("note", "an elephant").unwrap();
    second.add_document("note two", "an elephant").unwrap();
    assert_eq!(first.count("elephant").unwrap(), 1);
    assert_eq!(second.count("elephant").unwrap(), 2);

    let held = Writer::open(&first.index, first.fields, 1).unwrap();
    let error = second.add_document("note three", "x").unwrap_err();
    assert!(matches!(error, Error::Busy), "{error}");
    drop(held);
    second.add_document("note three", "x").unwrap();
}

#[tokio::test]
async fn a_half_built_index_is_built_again() {
    let dir = library();
    let place = tempfile::tempdir().unwrap();
    let (schema, fields) = Fields::schema();
    let index = Index::create_in_dir(place.path(), schema).unwrap();
    let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
    writer
        .add_document(fields.document("half", "an elephant"))
        .unwrap();
    writer.commit().unwrap();
    drop(writer);

    let store = Store::Disk(place.path().to_owned());
    let engine = Engine::open(settings(&dir, store)).await.unwrap();
    assert_eq!(engine.summary().unwrap().documents, 3);
    assert_eq!(engine.count("elephant").unwrap(), 0);
}

#[tokio::test]
async fn a_place_that_belongs_to_something_else_is_refused() {
    let dir = library();
    let text = refused(settings(&dir, Store::Disk(dir.path().to_owned()))).await;
    assert!(text.contains("has other files in it"), "{text}");

    let text = refused(settings(&dir, Store::Disk(dir.path().join("cat.txt")))).await;
    assert!(text.contains("can't keep the index in"), "{text}");

    let place = tempfile::tempdir().unwrap();
    let store = Store::Disk(place.path().to_owned());
    Engine::open(settings(&dir, store.clone())).await.unwrap();
    let other = library();
    let text = refused(settings(&other, store.clone())).await;
    assert!(text.contains("it was built from"), "{text}");

    let meta = place.path().join("meta.json");
    fs::write(
        &meta,
        fs::read_to_string(&meta).unwrap().replace("body", "text"),
    )
    .unwrap();
    let text = refused(settings(&dir, store.clone())).await;
    assert!(text.contains("made by another program"), "{text}");

    fs::write(&meta, "no index").unwrap();
    let text = refused(settings(&dir, store)).await;
    assert!(text.contains("the index"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_files_are_read_in_parallel_and_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    for i in 0..2000 {
        let sub = dir.path().join(format!("d{}", i % 20));
        fs::create_dir_all(&sub).unwrap();
        fs::write(sub.join(format!("{i}.txt")), format!("common w{i}")).unwrap();
    }
    let engine = open(&dir).await;
    assert_eq!(engine.count("common").unwrap(), 2000);
    assert_eq!(paths(&engine.search("w1234", 5).unwrap()), ["d14/1234.txt"]);
}

#[test]
fn the_building_ends_when_nobody_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    for i in 0..3000 {
        fs::write(dir.path().join(format!("{i}.txt")), "x").unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let opening = Engine::open(settings(&dir, Store::Memory));
        let limit = Duration::from_millis(5);
        assert!(tokio::time::timeout(limit, opening).await.is_err());
    });
    // Dropping the runtime waits for the tasks of the pool.
    let begun = Instant::now();
    drop(runtime);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn many_threads_may_ask_and_add_at_once() {
    let dir = library();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let engine = Arc::new(runtime.block_on(open(&dir)));
    drop(runtime);
    std::thread::scope(|scope| {
        for i in 0..4 {
            let engine = &engine;
            scope.spawn(move || {
                for j in 0..5 {
                    engine
                        .add_document(&format!("{i}/{j}"), "an elephant")
                        .unwrap();
                    assert!(engine.search("elephant", 3).unwrap().total >= 1);
                    assert!(engine.count("cat").unwrap() == 2);
                }
            });
        }
    });
    assert_eq!(engine.count("elephant").unwrap(), 20);
}
