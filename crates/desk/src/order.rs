//! Lists that people put in an order of their own.

/// The ids of a whole list in a wanted order: those in `first`, then the others as they stand. None when `first` is empty,
/// names one twice, or one that is not in the list.
pub(crate) fn arranged<T: Copy + PartialEq>(all: &[T], first: &[T]) -> Option<Vec<T>> {
    let fits = |(at, id): (usize, &T)| all.contains(id) && !first[..at].contains(id);
    if first.is_empty() || !first.iter().enumerate().all(fits) {
        return None;
    }
    let rest = all.iter().filter(|id| !first.contains(id));
    Some(first.iter().chain(rest).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::arranged;

    #[test]
    fn what_is_named_comes_first_and_the_rest_keeps_its_order() {
        assert_eq!(arranged(&[1, 2, 3, 4], &[3, 1]), Some(vec![3, 1, 2, 4]));
    }

    #[test]
    fn nothing_twice_nothing_unknown_and_not_nothing() {
        for wrong in [vec![], vec![1, 1], vec![5]] {
            assert_eq!(arranged(&[1, 2], &wrong), None, "{wrong:?}");
        }
    }
}
