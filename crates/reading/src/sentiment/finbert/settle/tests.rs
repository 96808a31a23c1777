use super::*;

#[test]
fn rows_are_moved_to_where_they_are_wanted_in_the_mean_of_their_kind() {
    let found = [0.0, 0.0, 1.0, 2.0, 3.0, 4.0];
    let wanted = [9.0, 8.0, 2.0, 2.0, 6.0, 4.0];
    let shift = Shift::between(&found, &wanted, 2, &[0]);
    assert_eq!((&shift.fine[..], &shift.coarse[..]), (&[9.0, 8.0][..], &[2.0, 0.0][..]));
    let mut moved = found;
    shift.apply(&mut moved, &[0]);
    assert_eq!(moved.to_vec(), [9.0, 8.0, 3.0, 2.0, 5.0, 4.0]);
}

#[test]
fn without_fine_rows_all_are_moved_alike() {
    let shift = Shift::between(&[1.0, 3.0], &[2.0, 6.0], 1, &[]);
    assert_eq!((&shift.coarse[..], &shift.fine[..]), (&[2.0][..], &[0.0][..]));
}
