-- Subjects and customers are found by their words; words are known, so that beginnings of words are found quickly.
{search_more}
