//! Boxes in waves, and what each waits for → a drawing from top to bottom, if it fits and every line is clear.
//!
//! Between two waves, boxes that wait for the same ones share a horizontal line. Where a line that goes down meets
//! a horizontal one that is not its own, it crosses (`|`); where they belong together, there is a `+`.

use std::collections::{BTreeMap, BTreeSet};

/// Drawings of more boxes, or with more lines between two waves, say less than a list.
const MOST_BOXES: usize = 40;
const MOST_LINES: usize = 8;

/// One box.
pub(super) struct Node {
    pub(super) label: String,
    pub(super) wave: usize,
    /// Places of those it waits for; all in earlier waves.
    pub(super) after: Vec<usize>,
}

/// The drawing; `None` when it is wider than `width`, or lines would have to run over each other.
pub(super) fn draw(nodes: &[Node], width: usize) -> Option<String> {
    if nodes.len() > MOST_BOXES {
        return None;
    }
    let layers = place(layer(nodes)?, width)?;
    let mut text = row(&layers[0]);
    for pair in layers.windows(2) {
        text += &channel(&pair[0], &pair[1])?;
        text += &row(&pair[1]);
    }
    Some(text)
}

/// A box in its layer, or a line that passes it on the way to a later one.
struct Cell {
    /// Empty for a passing line.
    label: String,
    /// Places in the layer above.
    above: BTreeSet<usize>,
    /// The column of its lines.
    column: usize,
}

/// Distributes boxes over layers, and lets lines to far layers pass those between. `None` when a box waits for one
/// that is not above it.
fn layer(nodes: &[Node]) -> Option<Vec<Vec<Cell>>> {
    let waves: BTreeSet<usize> = nodes.iter().map(|it| it.wave).collect();
    let layers: Vec<usize> = nodes.iter().map(|it| waves.range(..it.wave).count()).collect();
    let after = essential(nodes);
    let mut last = layers.clone();
    for (node, parents) in after.iter().enumerate() {
        for parent in parents {
            last[*parent] = last[*parent].max(layers[node]);
        }
    }
    let mut drawn = Vec::new();
    // Where a node's line comes down in the layer above: at its own box, or as a line that passes.
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for current in 0..waves.len() {
        let mut cells = Vec::new();
        let mut below = BTreeMap::new();
        for node in (0..nodes.len()).filter(|it| layers[*it] == current) {
            let above = after[node].iter().map(|it| lines.get(it).copied()).collect::<Option<_>>()?;
            below.insert(node, cells.len());
            cells.push(Cell { label: nodes[node].label.clone(), above, column: 0 });
        }
        for (parent, line) in lines.into_iter().filter(|(parent, _)| last[*parent] > current) {
            below.insert(parent, cells.len());
            cells.push(Cell { label: String::new(), above: BTreeSet::from([line]), column: 0 });
        }
        drawn.push(cells);
        lines = below;
    }
    Some(drawn)
}

/// For each node what it waits for, without what follows from the rest.
fn essential(nodes: &[Node]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|it| nodes[*it].wave);
    let mut ancestors: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); nodes.len()];
    for node in order {
        let mut all: BTreeSet<usize> = nodes[node].after.iter().copied().collect();
        for parent in &nodes[node].after {
            all.extend(ancestors[*parent].iter().copied());
        }
        ancestors[node] = all;
    }
    let needed = |node: &Node| -> Vec<usize> {
        let follows = |it: &usize| node.after.iter().any(|other| ancestors[*other].contains(it));
        node.after.iter().copied().filter(|it| !follows(it)).collect()
    };
    nodes.iter().map(needed).collect()
}

/// Orders each layer by what is above and gives every cell its column: as near as may be below what it waits for.
fn place(mut layers: Vec<Vec<Cell>>, width: usize) -> Option<Vec<Vec<Cell>>> {
    let widest = layers.iter().flatten().map(|it| it.label.chars().count()).max().unwrap_or(1) | 1;
    // An even distance, so that the middle of two is a column.
    let apart = i64::try_from(widest + 3).ok()?;
    let mut columns: Vec<Vec<i64>> = Vec::new();
    for layer in &layers {
        let wished = wished(layer, columns.last(), apart);
        let mut order: Vec<usize> = (0..wished.len()).collect();
        order.sort_by_key(|it| wished[*it]);
        let mut given = vec![0; wished.len()];
        let sorted: Vec<i64> = order.iter().map(|it| wished[*it]).collect();
        for (cell, column) in order.into_iter().zip(spread(&sorted, apart)) {
            given[cell] = column;
        }
        columns.push(given);
    }
    let left = columns.iter().flatten().min().copied().unwrap_or(0);
    let margin = i64::try_from(widest / 2 + 2).ok()?;
    for (layer, columns) in layers.iter_mut().zip(&columns) {
        for (cell, column) in layer.iter_mut().zip(columns) {
            cell.column = usize::try_from(column - left + margin).ok()?;
        }
    }
    let fits = layers.iter().flatten().all(|it| it.column + widest / 2 < width);
    fits.then_some(layers)
}

/// The middle of what each cell waits for; in the first layer one after the other.
fn wished(layer: &[Cell], above: Option<&Vec<i64>>, apart: i64) -> Vec<i64> {
    let mut free = 0;
    let mut one = |cell: &Cell| match above {
        Some(above) if !cell.above.is_empty() => {
            let columns = || cell.above.iter().map(|it| above[*it]);
            i64::midpoint(columns().min().unwrap_or(0), columns().max().unwrap_or(0))
        }
        _ => {
            free += apart;
            free
        }
    };
    layer.iter().map(&mut one).collect()
}

/// Moves sorted columns as little as may be until they are `apart`: those that are too close become a block
/// around their common middle.
fn spread(wished: &[i64], apart: i64) -> Vec<i64> {
    // Each block: the sum of its members' places if they were first, and how many they are.
    let mut blocks: Vec<(i64, i64)> = Vec::new();
    for column in wished {
        let (mut sum, mut count) = (*column, 1);
        while let Some((before, members)) = blocks.last().copied() {
            if before.div_euclid(members) + members * apart <= sum.div_euclid(count) {
                break;
            }
            blocks.pop();
            (sum, count) = (before + sum - count * members * apart, members + count);
        }
        blocks.push((sum, count));
    }
    let places = |(sum, count): (i64, i64)| (0..count).map(move |it| sum.div_euclid(count) + it * apart);
    blocks.into_iter().flat_map(places).collect()
}

/// A line of the drawing, written column by column.
#[derive(Default)]
struct Line(Vec<char>);

impl Line {
    fn put(&mut self, column: usize, character: char) {
        if self.0.len() <= column {
            self.0.resize(column + 1, ' ');
        }
        self.0[column] = character;
    }

    fn finish(self) -> String {
        let text: String = self.0.into_iter().collect();
        text.trim_end().to_owned() + "\n"
    }
}

/// The boxes of a layer.
fn row(layer: &[Cell]) -> String {
    let mut line = Line::default();
    for cell in layer {
        if cell.label.is_empty() {
            line.put(cell.column, '|');
        }
        let start = cell.column - cell.label.chars().count() / 2;
        for (at, character) in cell.label.chars().enumerate() {
            line.put(start + at, character);
        }
    }
    line.finish()
}

/// Cells that wait for the same ones share a horizontal line.
struct Net {
    /// Columns above.
    from: BTreeSet<usize>,
    /// Columns below.
    to: BTreeSet<usize>,
}

impl Net {
    fn columns(&self) -> impl Iterator<Item = usize> {
        self.from.iter().chain(&self.to).copied()
    }
}

/// The lines between two layers.
fn channel(above: &[Cell], below: &[Cell]) -> Option<String> {
    let mut nets: BTreeMap<BTreeSet<usize>, BTreeSet<usize>> = BTreeMap::new();
    for cell in below.iter().filter(|it| !it.above.is_empty()) {
        let from = cell.above.iter().map(|it| above[*it].column).collect();
        nets.entry(from).or_default().insert(cell.column);
    }
    let nets = order(nets.into_iter().map(|(from, to)| Net { from, to }).collect())?;
    let first: BTreeSet<usize> = nets.iter().flat_map(|it| it.from.iter().copied()).collect();
    let last: BTreeSet<usize> = nets.iter().flat_map(|it| it.to.iter().copied()).collect();
    let stubs = |columns: &BTreeSet<usize>| {
        let mut line = Line::default();
        for column in columns {
            line.put(*column, '|');
        }
        line.finish()
    };
    if nets.iter().all(|it| it.from == it.to) {
        return Some(stubs(&last));
    }
    let rows = (0..nets.len()).map(|it| horizontal(&nets, it));
    Some(stubs(&first) + &rows.collect::<String>() + &stubs(&last))
}

/// One net's row, with the lines of other nets that cross it.
fn horizontal(nets: &[Net], at: usize) -> String {
    let mut line = Line::default();
    let net = &nets[at];
    let columns: BTreeSet<usize> = net.columns().collect();
    let (Some(start), Some(end)) = (columns.first(), columns.last()) else { return String::new() };
    for column in *start..=*end {
        line.put(column, '-');
    }
    let upcoming = nets[at + 1..].iter().flat_map(|it| it.from.iter().copied());
    let passed = nets[..at].iter().flat_map(|it| it.to.iter().copied());
    for column in upcoming.chain(passed) {
        line.put(column, '|');
    }
    let joint = if start == end { '|' } else { '+' };
    for column in &columns {
        line.put(*column, joint);
    }
    line.finish()
}

/// Puts the nets in an order in which no two lines run over each other: what goes down to a box must begin below
/// the last turn of every other line in its column.
fn order(mut nets: Vec<Net>) -> Option<Vec<Net>> {
    if nets.len() > MOST_LINES {
        return None;
    }
    let mut ordered: Vec<Net> = Vec::new();
    while !nets.is_empty() {
        let free = |at: &usize| {
            let others = nets.iter().enumerate().filter(|(other, _)| other != at);
            others.clone().all(|(_, other)| other.from.is_disjoint(&nets[*at].to))
        };
        let next = (0..nets.len()).find(free)?;
        ordered.push(nets.remove(next));
    }
    Some(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(nodes: &[(&str, usize, &[usize])]) -> Option<String> {
        let node = |(label, wave, after): &(&str, usize, &[usize])| Node {
            label: format!("[{label}]"),
            wave: *wave,
            after: after.to_vec(),
        };
        draw(&nodes.iter().map(node).collect::<Vec<_>>(), 100)
    }

    #[test]
    fn a_diamond_parts_and_joins() {
        let text =
            drawing(&[("clone", 0, &[]), ("lint", 1, &[0]), ("test", 1, &[0]), ("publish", 2, &[1, 2])]);
        let expected = "
         [clone]
            |
      +-----+-----+
      |           |
   [lint]      [test]
      |           |
      +-----+-----+
            |
        [publish]
";
        assert_eq!(text.unwrap().trim_end(), expected.trim_matches('\n'));
    }

    #[test]
    fn what_follows_from_the_rest_is_not_drawn() {
        let with = drawing(&[("a", 0, &[]), ("b", 1, &[0]), ("c", 2, &[0, 1])]);
        let without = drawing(&[("a", 0, &[]), ("b", 1, &[0]), ("c", 2, &[1])]);
        assert_eq!(with, without);
    }

    #[test]
    fn a_line_to_a_far_wave_passes_the_boxes_between() {
        let text = drawing(&[("a", 0, &[]), ("b", 0, &[]), ("c", 1, &[0]), ("d", 2, &[2, 1])]).unwrap();
        let boxes = text.lines().find(|it| it.contains("[c]")).unwrap();
        assert_eq!(boxes.matches('|').count(), 1, "{text}");
    }

    #[test]
    fn too_much_is_not_drawn() {
        let many: Vec<(&str, usize, &[usize])> = (0..30).map(|_| ("a-long-name", 0, [].as_slice())).collect();
        assert_eq!(drawing(&many), None);
    }
}
