import KPICore
import KPIIngest
import KPIModel
import KPIQuery

extension Company {
    /// Shipped lists of holidays that do not know years in which there are records whose working time
    /// is measured.
    package func holidayFindings() async throws -> [Diagnostic] {
        let lists = Set((workspace.calendar.working?.calendars ?? []).flatMap(\.lists)).sorted()
            .compactMap(HolidayList.named)
        let measured = workspace.datasets.filter { dataset in
            let expressions =
                dataset.measures.flatMap(\.expressions) + dataset.dimensions.map(\.expression)
            return expressions.contains(where: \.usesWorkingTime)
        }
        guard !lists.isEmpty, !measured.isEmpty else { return [] }
        let facts = try await warehouse.facts()
        return measured.flatMap { dataset in
            let windows = facts[dataset.id].map { Array($0.coverage.values) } ?? []
            return lists.compactMap { list in
                Self.unknownYears(list, windows.compactMap(years)).map { found in
                    Diagnostic(
                        .holidaysUnknown(
                            list: list.name, years: Self.text(list.years), dataset: dataset.id,
                            found: found))
                }
            }
        }
    }

    private func years(_ window: Window) -> ClosedRange<Int>? {
        guard !window.isEmpty else { return nil }
        func year(_ instant: Instant) -> Int {
            CivilDate(day: workspace.calendar.day(of: instant)).components.year
        }
        return year(window.start)...year(window.end - 1)
    }

    /// `2021–2023, 2027`; nil when there are none.
    private static func unknownYears(
        _ list: HolidayList, _ covered: [ClosedRange<Int>]
    ) -> String? {
        guard let first = covered.map(\.lowerBound).min(),
            let last = covered.map(\.upperBound).max()
        else { return nil }
        var parts: [String] = []
        if first < list.years.lowerBound {
            parts.append(text(first...min(last, list.years.lowerBound - 1)))
        }
        if last > list.years.upperBound {
            parts.append(text(max(first, list.years.upperBound + 1)...last))
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func text(_ years: ClosedRange<Int>) -> String {
        years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound)–\(years.upperBound)"
    }
}
