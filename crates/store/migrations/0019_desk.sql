-- Pairs of words in a row stand in the indexes as words of their own: everything is put there anew.
{search_again}
