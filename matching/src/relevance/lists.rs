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

/// Puts a value in its place among the best so far, which descend; the least falls out.
#[inline]
pub(super) fn keep_best(best: &mut [f32], mut value: f32) {
    for kept in best {
        // Two selections instead of a branch, as which one is greater is as good as random here;
        // `f32::max` would also look for NaN, and there is none.
        let (greater, less) = (
            if value > *kept { value } else { *kept },
            if value > *kept { *kept } else { value },
        );
        (*kept, value) = (greater, less);
    }
}

#[cfg(test)]
mod tests {
    use super::{Lists, keep_best};

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

    #[test]
    fn the_best_are_kept_in_order() {
        let mut best = [0.0; 3];
        for value in [0.2, 0.9, 0.1, 0.5, 0.9] {
            keep_best(&mut best, value);
        }
        assert_eq!(best, [0.9, 0.9, 0.5]);
    }
}
