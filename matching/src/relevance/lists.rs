//! Many short lists of numbers, one behind the other in one piece of memory.

pub(super) struct Lists {
    /// Where each list begins; one more at the end.
    starts: Vec<u32>,
    entries: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            starts: vec![0],
            entries: Vec::new(),
        }
    }
}

impl Lists {
    pub fn push(&mut self, list: impl Iterator<Item = u32>) {
        self.entries.extend(list);
        self.starts.push(self.entries.len() as u32);
    }

    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn get(&self, list: usize) -> &[u32] {
        &self.entries[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// For every number below `numbers` the lists that hold it, ascending.
    pub fn inverted(&self, numbers: usize) -> Self {
        let mut starts = vec![0; numbers + 1];
        for &entry in &self.entries {
            starts[entry as usize + 1] += 1;
        }
        for number in 0..numbers {
            starts[number + 1] += starts[number];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; self.entries.len()];
        for list in 0..self.len() {
            for &entry in self.get(list) {
                entries[next[entry as usize] as usize] = list as u32;
                next[entry as usize] += 1;
            }
        }
        Self { starts, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::Lists;

    #[test]
    fn inverting_tells_who_holds_a_number() {
        let mut lists = Lists::default();
        for list in [vec![2, 0], vec![], vec![2]] {
            lists.push(list.into_iter());
        }
        let inverted = lists.inverted(3);
        assert_eq!(
            (0..3).map(|n| inverted.get(n)).collect::<Vec<_>>(),
            [&[0][..], &[], &[0, 2]]
        );
    }
}
