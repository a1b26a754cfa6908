/// When people work: hours by weekday, days off, and days worked instead of others.
package struct WorkingCalendar: Sendable, Hashable {
    /// Of the calendar that holds where none is named.
    package static let defaultName = "default"

    package var name: String
    /// For Monday … Sunday: minutes after the local midnight, in order. A span that ends on the next
    /// day has an end above 1440.
    package var hours: [[Range<Int>]]
    /// Local days on which no span begins.
    package var daysOff: Set<Int> = []
    /// Local days worked whatever their weekday, with the weekday (1 … 7) whose hours they have.
    package var makeUpDays: [Int: Int] = [:]
    /// Shipped lists that days off and make-up days come from.
    package var lists: [String] = []

    package init(name: String, hours: [[Range<Int>]]) {
        self.name = name
        self.hours = hours
    }

    /// Open at every instant of every day.
    package static func always(name: String) -> WorkingCalendar {
        WorkingCalendar(name: name, hours: Array(repeating: [0..<1440], count: 7))
    }

    /// The spans that begin on a local day.
    package func spans(on day: Int) -> [Range<Int>] {
        if let weekday = makeUpDays[day] { return hours[weekday - 1] }
        return daysOff.contains(day) ? [] : hours[CivilDate(day: day).weekday - 1]
    }
}

/// The working calendars of a workspace, and who uses which.
package struct WorkingTime: Sendable, Hashable {
    /// The default one first.
    package var calendars: [WorkingCalendar]
    package var teams: [TeamCalendars] = []

    package init(calendars: [WorkingCalendar]) { self.calendars = calendars }

    package func index(of name: String) -> Int? { calendars.firstIndex { $0.name == name } }
}

/// The calendars of teams: by the value of one dimension of their records.
package struct TeamCalendars: Sendable, Hashable {
    package struct Team: Sendable, Hashable {
        package var value: String
        package var calendar: String

        package init(value: String, calendar: String) {
            self.value = value
            self.calendar = calendar
        }
    }

    package var dimension: String
    package var teams: [Team]

    package init(dimension: String, teams: [Team]) {
        self.dimension = dimension
        self.teams = teams
    }
}

extension WorkingCalendar {
    /// Everything that decides about working time, as one text.
    package var signature: String {
        let week = hours.map { spans in
            spans.map { "\(Self.clock($0.lowerBound))-\(Self.clock($0.upperBound))" }
                .joined(separator: ",")
        }
        let extra = makeUpDays.sorted { $0.key < $1.key }
            .map { "\(CivilDate(day: $0.key))=\($0.value)" }
        return "\(name) [\(week.joined(separator: "; "))] off [\(Self.runs(daysOff))] "
            + "make-up [\(extra.joined(separator: ", "))]"
    }

    /// `09:00`, hours counted on after midnight.
    package static func clock(_ minutes: Int) -> String {
        "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }

    private static func runs(_ days: Set<Int>) -> String {
        var runs: [ClosedRange<Int>] = []
        for day in days.sorted() {
            if let last = runs.last, last.upperBound + 1 == day {
                runs[runs.count - 1] = last.lowerBound...day
            } else {
                runs.append(day...day)
            }
        }
        return runs.map { run in
            let first = CivilDate(day: run.lowerBound).description
            return run.count == 1 ? first : "\(first)..\(CivilDate(day: run.upperBound))"
        }.joined(separator: ", ")
    }
}
