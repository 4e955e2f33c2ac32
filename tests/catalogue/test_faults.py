from catalogue.faults import Fault, Reason, dong_en, dong_vi, fault_of
from tests.catalogue.samples import asked, question, text

HINT = text("P E và mười một số", "P E and eleven digits")
CODE = question("bill-code", "code", pattern="PE[0-9]{11}", example="PE01000123456", hint=HINT)


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    (name,) = asked(question("name", "n")).questions
    told = {fault_of(name, reason).text.vi for reason in Reason}
    assert len(told) == len(Reason)
    assert all(fault_of(name, reason).text.en.isascii() for reason in Reason)


def test_a_code_that_does_not_fit_is_told_in_the_words_of_its_service() -> None:
    (code,) = asked(CODE).questions
    assert fault_of(code, Reason.NO_MATCH).text.en == "P E and eleven digits"
    assert fault_of(code, Reason.MISSING).text.en == "This question needs an answer."


def test_a_text_without_a_pattern_has_no_words_of_its_own() -> None:
    (plain,) = asked(question("text", "t")).questions
    assert fault_of(plain, Reason.NO_MATCH).text.vi.startswith("Câu trả lời chưa đúng dạng")


def test_a_number_out_of_bounds_is_told_the_bounds() -> None:
    number, amount, name = asked(
        question("number", "n", lowest=1, highest=20),
        question("amount", "a", lowest_dong=10_000, highest_dong=500_000),
        question("name", "x"),
    ).questions
    assert fault_of(number, Reason.TOO_HIGH).text.vi == "Xin nhập số từ 1 đến 20."
    assert fault_of(amount, Reason.TOO_LOW).text.vi == "Xin nhập số tiền từ 10.000 đồng đến 500.000 đồng."
    assert fault_of(amount, Reason.TOO_LOW).text.en.endswith("from 10,000 dong to 500,000 dong.")
    assert fault_of(name, Reason.TOO_LOW).text.vi == "Số này quá nhỏ."


def test_a_fault_names_its_question_and_its_reason() -> None:
    (name,) = asked(question("name", "n")).questions
    fault = fault_of(name, Reason.MISSING)
    assert isinstance(fault, Fault)
    assert (fault.question, fault.reason) == ("n", Reason.MISSING)


def test_amounts_are_written_as_each_language_does() -> None:
    assert [dong_vi(each) for each in (0, 500, 75_000, 1_234_567)] == [
        "0 đồng",
        "500 đồng",
        "75.000 đồng",
        "1.234.567 đồng",
    ]
    assert dong_en(1_234_567) == "1,234,567 dong"
