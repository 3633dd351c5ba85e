//! Where the costs lie, as tables.

use crate::bench::account::Account;
use crate::bench::report::Report;
use crate::svg::escaped;

/// The tables; nothing for a run that has none.
pub fn accounts(report: &Report) -> String {
    if report.accounts.is_empty() {
        return String::new();
    }
    let tables: String = report.accounts.iter().map(table).collect();
    format!("<h2>Where the costs lie</h2>\n{tables}")
}

fn table(account: &Account) -> String {
    let row = |name: &str, cells: &[String]| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{}", escaped(cell)))
            .collect();
        format!("<tr><th>{}{cells}\n", escaped(name))
    };
    let numbers = |numbers: &[f64]| -> Vec<String> {
        numbers
            .iter()
            .map(|number| account.count(*number))
            .collect()
    };
    let places = account.lines.iter();
    let lines: String = places
        .map(|(place, line)| row(place, &numbers(line)))
        .collect();
    format!(
        "<table>\n{}{lines}{}</table>\n",
        row(&account.title, &account.columns),
        row("in all", &numbers(&account.totals()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn an_account_is_a_table() {
        let said = accounts(&example());
        assert!(said.contains("<tr><th>Things<td>a<td>bcd\n"), "{said}");
        assert!(
            said.contains("<tr><th>in all<td>0.0 KB<td>0.0 KB\n</table>"),
            "{said}"
        );
    }
}
