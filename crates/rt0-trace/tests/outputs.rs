//! What is drawn of a life that never changes: the whole text is compared with `tests/outputs/`.
//!
//! To update the files after an intended change: `SNAPSHOTS=overwrite cargo test -p rt0-trace`.

use rt0_doctor::calls;
use rt0_doctor::observed::{End, Noted, Said, Seen, Thread, Watch, Word};
use rt0_doctor::plan::Plan;
use rt0_trace::gather::gather;
use rt0_trace::model::{End as BarEnd, Trace};
use rt0_trace::text::{Style, text};
use rt0_trace::{chrome, html, svg};
use serde_json::Value;
use snapbox::{assert_data_eq, file};

/// When the process of these tests was started, on the system's clock.
const START: u64 = 5_000_000_000_000;

/// When dlopen was entered.
const LOAD: u64 = START + 4_000_000;

fn watch() -> Watch {
    Watch {
        plan: Plan {
            library: "/opt/shop/libshop.so".into(),
            calls: vec![calls::parse("shop_price(i32 7) -> i32 = 42").unwrap()],
            shutdown: Some(calls::parse("shop_shutdown(i32 60000) -> i32 = 0").unwrap()),
            rt0: true,
            prefix: Some("shop".to_owned()),
            ..Plan::default()
        },
        loader: true,
        shuts_down: true,
        deadline_ms: 10_000,
        ..Watch::default()
    }
}

/// A report with all marks, and these steps. Its zero is the constructor's mark.
fn report(steps: &str) -> String {
    format!(
        r#"{{"library":"shop","generation":1,"state":"READY","start":"load","pid":812,"error":null,
        "timeline_ns":{{"constructor":0,"returned":48000,"thread":71000,"barrier":112000,"claimed":115000,
        "runtime":305000,"init":1905000,"ready":1909000,"called":1931000}},
        "timeline_zero_monotonic_ns":{},"steps":[{steps}],"steps_left_out":3}}"#,
        LOAD + 60_000
    )
}

const START_STEPS: &str = r#"
    {"step":"span","name":"read prices","thread":815,"begin_ns":1200000,"end_ns":1800000},
    {"step":"span","name":"open the shop","thread":815,"begin_ns":400000,"end_ns":1850000},
    {"step":"wait","thread":812,"begin_ns":150000,"end_ns":1930000},
    {"step":"wait","thread":816,"begin_ns":160000,"end_ns":1935000}"#;

const END_STEPS: &str = r#",
    {"step":"calls-leave","thread":812,"begin_ns":2600000,"end_ns":2601000},
    {"step":"main-ends","thread":812,"begin_ns":2602000,"end_ns":2630000},
    {"step":"exit-hook","thread":812,"begin_ns":2631000,"end_ns":2700000},
    {"step":"runtime-ends","thread":812,"begin_ns":2701000,"end_ns":2900000},
    {"step":"state-drops","thread":812,"begin_ns":2901000,"end_ns":2905000}"#;

fn seen() -> Seen {
    let said = |process: u32, at: u64, text: &str| Word {
        at: LOAD + at,
        process,
        text: text.to_owned(),
    };
    let line = |at: u64, text: &str| said(812, at, text);
    let thread = |id, name: &str, first, last| Thread {
        id,
        name: name.to_owned(),
        first: LOAD + first,
        last: LOAD + last,
    };
    Seen {
        started: START,
        ended: LOAD + 3_400_000,
        process: 812,
        end: Some(End::Exit(0)),
        step: "exiting".to_owned(),
        noted: Noted {
            dlopen: (LOAD, LOAD + 118_000),
            calls: vec![(LOAD + 190_000, LOAD + 2_010_000)],
            shutdown: (LOAD + 2_650_000, LOAD + 2_970_000),
            exit: LOAD + 3_000_000,
            ..Noted::default()
        },
        said: Some(Said {
            complete: true,
            answers: vec!["shop_price → 42".to_owned()],
            shutdown: Some("shop_shutdown → 0".to_owned()),
            reports: vec![
                report(START_STEPS),
                report(&format!("{START_STEPS}{END_STEPS}")),
            ],
            ..Said::default()
        }),
        threads: vec![
            thread(812, "shop", 0, 3_300_000),
            thread(815, "shop-boot", 100_000, 2_600_000),
            thread(817, "shop-0", 500_000, 2_700_000),
            thread(818, "shop", 900_000, 900_000),
        ],
        loader: vec![
            line(0, "                 number of relocations: 100"),
            line(0, "      number of relocations from cache: 7"),
            line(
                9_000,
                "file=/opt/shop/libshop.so [0];  dynamically loaded by cargo-rt0 [0]",
            ),
            line(
                10_000,
                "file=/opt/shop/libshop.so [0];  generating link map",
            ),
            line(
                25_000,
                "file=libz<1>.so.1 [0];  needed by /opt/shop/libshop.so [0]",
            ),
            line(26_000, "file=libz<1>.so.1 [0];  generating link map"),
            said(977, 28_000, "calling init: /opt/shop/libshop.so"),
            line(30_000, "relocation processing: /lib/libz<1>.so.1"),
            line(33_000, "relocation processing: /opt/shop/libshop.so"),
            line(50_000, "calling init: /lib/libz<1>.so.1"),
            line(52_000, "calling init: /opt/shop/libshop.so"),
            line(3_300_000, "           final number of relocations: 180"),
            line(3_300_000, "final number of relocations from cache: 20"),
        ],
        ..Seen::default()
    }
}

fn trace() -> Trace {
    gather(&watch(), &seen())
}

const PLAIN: Style = Style {
    width: 80,
    color: false,
    blocks: true,
};

#[test]
fn for_a_terminal() {
    let ascii = Style {
        blocks: false,
        ..PLAIN
    };
    assert_data_eq!(text(&trace(), PLAIN), file!["outputs/terminal.txt"]);
    assert_data_eq!(text(&trace(), ascii), file!["outputs/terminal-ascii.txt"]);
    let colored = Style {
        color: true,
        ..PLAIN
    };
    let colored = text(&trace(), colored);
    assert!(colored.contains("\u{1b}[32m"), "{colored}");
    // Without its colours it is the same text.
    let mut plain = String::new();
    for (number, piece) in colored.split('\u{1b}').enumerate() {
        plain += match number {
            0 => piece,
            _ => piece.split_once('m').unwrap().1,
        };
    }
    assert_eq!(plain, text(&trace(), PLAIN));
}

#[test]
fn no_line_is_longer_than_the_terminal_and_none_obeys_a_file() {
    let mut trace = trace();
    trace.library = "evil\u{1b}[2J.so".to_owned();
    trace.parts[0].lanes[0].bars[0].name = format!("a\u{1b}]0;b{}", "c".repeat(100));
    for width in [70, 80, 120] {
        let text = text(&trace, Style { width, ..PLAIN });
        assert!(!text.contains('\u{1b}'));
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn the_drawing_and_the_page() {
    assert_data_eq!(svg::svg(&trace()), file!["outputs/trace.svg"]);
    assert_data_eq!(html::html(&trace()), file!["outputs/trace.html"].raw());
}

/// Every text in the drawing, and every bar.
#[test]
fn the_drawing_can_be_read_and_nothing_is_outside_of_it() {
    let drawing = svg::svg(&trace());
    let document = roxmltree::Document::parse(&drawing).unwrap_or_else(|e| panic!("{e}"));
    let all = trace();
    let lanes = all.parts.iter().flat_map(|part| &part.lanes);
    let bars: usize = lanes.map(|lane| lane.bars.len()).sum();
    let is_row = |node: &roxmltree::Node| node.attribute("class") == Some("row");
    let rows: Vec<_> = document.descendants().filter(is_row).collect();
    assert_eq!(rows.len(), bars);
    let percent = |text: &str| text.strip_suffix('%').unwrap().parse::<f64>().unwrap();
    let mut last = 0;
    for row in rows {
        let title = row.children().find(|node| node.has_tag_name("title"));
        let title = title.and_then(|title| title.text().map(str::to_owned));
        assert!(title.is_some_and(|title| title.contains(" ns")));
        let under = row
            .children()
            .find(|node| node.has_tag_name("rect"))
            .unwrap();
        let y: u32 = under.attribute("y").unwrap().parse().unwrap();
        let height: u32 = under.attribute("height").unwrap().parse().unwrap();
        assert!(y >= last, "rows lie over each other");
        last = y + height;
        let bar = row.children().rfind(roxmltree::Node::is_element).unwrap();
        if bar.has_tag_name("rect") {
            let right =
                percent(bar.attribute("x").unwrap()) + percent(bar.attribute("width").unwrap());
            assert!(right <= 100.0, "{right}");
        }
    }
    let height: u32 = document
        .root_element()
        .attribute("height")
        .unwrap()
        .parse()
        .unwrap();
    assert!(last <= height);
}

#[test]
fn nothing_comes_from_elsewhere() {
    let page = html::html(&trace());
    let own = page.replace("xmlns='http://www.w3.org/2000/svg'", "");
    for outside in ["<script", "href", "@import", "http", "src="] {
        assert!(!own.contains(outside), "{outside}");
    }
    assert!(page.contains("prefers-color-scheme:dark"));
    // The only addresses are those of patterns inside.
    for piece in own.split("url(").skip(1) {
        assert!(piece.starts_with('#'), "{piece}");
    }
}

#[test]
fn for_perfetto() {
    let json = chrome::chrome(&trace());
    assert_data_eq!(&json, file!["outputs/trace.json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let events = json["traceEvents"].as_array().unwrap();
    for event in events {
        let kind = event["ph"].as_str().unwrap();
        assert!(event["pid"].is_u64() && event["tid"].is_u64() && event["name"].is_string());
        match kind {
            "M" => assert!(event["args"]["name"].is_string()),
            "X" => assert!(event["ts"].as_f64() >= Some(0.0) && event["dur"].as_f64() > Some(0.0)),
            "i" => assert!(event["ts"].is_f64() && event["s"] == "t"),
            "B" => assert!(event["ts"].is_f64()),
            other => panic!("{other}"),
        }
    }
    let event = |name: &str| {
        let found = events.iter().find(|event| event["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    // In microseconds since the load began.
    assert_eq!(event("init")["ts"].as_f64(), Some(365.0));
    assert_eq!(event("init")["dur"].as_f64(), Some(1600.0));
    assert_eq!(event("state is dropped")["ts"].as_f64(), Some(2961.0));
    let threads = events.iter().filter(|event| event["name"] == "thread_name");
    let mut threads: Vec<_> = threads.map(|event| &event["tid"]).collect();
    let count = threads.len();
    threads.dedup();
    assert_eq!(threads.len(), count, "a thread has two names");
}

#[test]
fn what_is_never_over_goes_on_to_the_edge() {
    let mut seen = seen();
    seen.end = Some(End::Deadline);
    seen.ended = LOAD + 10_000_000_000;
    seen.step = "calling shop_price".to_owned();
    seen.noted.calls[0].1 = 0;
    (seen.noted.shutdown, seen.noted.exit) = ((0, 0), 0);
    seen.said = None;
    let trace = gather(&watch(), &seen);
    assert_eq!(
        trace.problem.as_deref(),
        Some(
            "it hung while calling shop_price (deadline 10.0 s) and was killed; what was seen until then is below"
        )
    );
    assert_eq!(trace.parts.len(), 1);
    let host = &trace.parts[0].lanes[0];
    assert_eq!(host.bars[1].end, BarEnd::Never);
    let text = text(&trace, PLAIN);
    let line = text
        .lines()
        .find(|line| line.contains("shop_price  "))
        .unwrap();
    assert!(line.contains("not over") && line.ends_with('▶'), "{line}");
    assert!(svg::svg(&trace).contains("class='bar open host'"));
    assert!(chrome::chrome(&trace).contains("\"ph\": \"B\""));
}

#[test]
fn how_it_ended_is_a_sentence() {
    let problem = |change: &dyn Fn(&mut Watch, &mut Seen)| {
        let (mut watch, mut seen) = (watch(), seen());
        change(&mut watch, &mut seen);
        gather(&watch, &seen).problem
    };
    let incomplete = |seen: &mut Seen| {
        seen.said = None;
        seen.step = "loading the library".to_owned();
    };
    let crashed = problem(&|_, seen| {
        incomplete(seen);
        seen.end = Some(End::Signal("SIGSEGV".to_owned()));
    });
    let left = problem(&|_, seen| {
        incomplete(seen);
        seen.end = Some(End::Exit(3));
    });
    let program = problem(&|watch, seen| {
        watch.program = vec!["python3".to_owned()];
        seen.end = Some(End::Deadline);
    });
    let unloaded = problem(&|_, seen| {
        seen.said.as_mut().unwrap().failure = Some("the library can't be loaded: no".to_owned());
    });
    let failed = problem(&|_, seen| {
        let said = seen.said.as_mut().unwrap();
        said.objection = Some("shop_price(i32 7) returned BOOT_FAILED (-2)".to_owned());
        let failed = report(START_STEPS).replace("\"error\":null", "\"error\":\"no disk\"");
        said.reports.insert(0, failed);
    });
    let wrong = problem(&|_, seen| {
        let said = seen.said.as_mut().unwrap();
        said.objection = Some("shop_price(i32 7) returned 1, not 42".to_owned());
    });
    let below = "what was seen until then is below";
    assert_eq!(problem(&|_, _| ()), None);
    assert_eq!(
        [crashed, left, program, unloaded, failed, wrong].map(Option::unwrap),
        [
            format!("the process was killed by SIGSEGV while loading the library; {below}"),
            format!("the process ended with exit code 3 while loading the library; {below}"),
            format!("the program had not ended after 10.0 s and was killed; {below}"),
            "the library can't be loaded: no".to_owned(),
            "start-up failed: no disk".to_owned(),
            "shop_price(i32 7) returned 1, not 42".to_owned(),
        ]
    );
}

/// Of a program that loads it, the library's own lines are all that there is.
#[test]
fn a_program_is_known_by_the_librarys_lines_and_whose_else_they_are_is_said() {
    let watch = Watch {
        program: vec![
            "python3".to_owned(),
            "-c".to_owned(),
            "\nimport x\n".to_owned(),
        ],
        ..watch()
    };
    let line = |when: &str, pid: u32, steps: &str| {
        let report = report(steps)
            .replace("812", &pid.to_string())
            .replace('\n', " ");
        format!("{{\"when\":\"{when}\",\"report\":{report}}}\n")
    };
    let all = format!("{START_STEPS}{END_STEPS}");
    let lines = [
        "nonsense\n{\"when\":\"booted\"}\n".to_owned(),
        line("booted", 900, START_STEPS).replace("\"shop\"", "\"other\""),
        line("booted", 812, START_STEPS),
        line("booted", 901, START_STEPS),
        line("exit", 812, &all),
    ];
    let seen = Seen {
        said: None,
        noted: Noted::default(),
        lines: lines.concat(),
        ..seen()
    };
    let trace = gather(&watch, &seen);
    assert_eq!(trace.problem, None);
    assert_eq!(
        trace.about,
        "/opt/shop/libshop.so: built with rt0; loaded by python3 -c import x"
    );
    let names = |lane: usize, part: usize| {
        let bars = trace.parts[part].lanes[lane].bars.iter();
        bars.map(|bar| bar.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names(0, 0), ["first call comes through"]);
    assert!(names(1, 0).contains(&"read prices"));
    assert!(names(0, 1).contains(&"state is dropped"));
    let notes = trace.notes.join("\n");
    assert!(
        notes.contains("1 other process(es) loaded it as well; this is process 812."),
        "{notes}"
    );
    assert!(notes.contains("The program had run for 4.01 ms"), "{notes}");
}

#[test]
fn a_library_without_rt0_is_seen_from_outside() {
    let mut watch = watch();
    (watch.plan.rt0, watch.plan.prefix) = (false, None);
    watch.shuts_down = false;
    let mut seen = seen();
    let said = seen.said.as_mut().unwrap();
    said.threads = vec![(
        LOAD + 130_000,
        vec![(812, "shop".to_owned()), (815, "shop".to_owned())],
    )];
    seen.noted.shutdown = (0, 0);
    let text = text(&gather(&watch, &seen), PLAIN);
    assert!(
        !text.contains("constructor") && !text.contains("Library"),
        "{text}"
    );
    for there in [
        "shop_price → 42",
        "first result",
        "shop-boot (815)",
        "exit, until it is gone",
    ] {
        assert!(text.contains(there), "{there}: {text}");
    }
}
