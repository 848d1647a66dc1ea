package page;

import evidence.EvidenceDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import output.Evidence;
import soak.Schedule;

/** Availability as a grid: a row a soak day, a cell a slot, or several where a day has too many to be seen. */
public final class HtmlSlots {
    private static final int MOST_COLUMNS = 96;
    /**
     * @param x left edge in percent
     * @param title the round, or the slot that has none
     */
    public record Cell(String kind, String x, String title) {}

    public record Day(long number, String y, List<Cell> cells) {}

    private final int perDay;
    private final int perCell;
    private final List<Day> days = new ArrayList<>();
    private final List<Map<String, Object>> bad;
    private final long badCount;
    private final long firstPlace;
    private final long dayCount;

    /**
     * @param from first slot shown
     * @param to the one after the last
     * @param firstPlace second of the UTC date at which a day of the soak begins
     */
    HtmlSlots(EvidenceDatabase database, long from, long to, int perDay, long firstPlace) {
        this.perDay = perDay;
        this.perCell = (perDay + MOST_COLUMNS - 1) / MOST_COLUMNS;
        this.firstPlace = firstPlace;
        this.dayCount = (to - 1) / perDay - from / perDay + 1;
        List<Cell> row = null;
        long number = -1;
        for (Map<String, Object> cell :
                Evidence.rows(database, "SELECT * FROM slot_cells(" + from + ", " + to + ", " + perCell + ")")) {
            String status = (String) cell.get("status");
            if ((Long) cell.get("soak_day") != number) {
                number = (Long) cell.get("soak_day");
                row = new ArrayList<>();
                days.add(new Day(number, HtmlAxis.percent(100.0 * (days.size() + 0.07) / dayCount), row));
            }
            String round = (String) cell.get("round_ids");
            String title = (round == null ? "slot " + cell.get("slot") + ", " + cell.get("starts") + " UTC" : round)
                    + ": " + status;
            row.add(new Cell(
                    status.replace(' ', '-'),
                    HtmlAxis.percent(100.0 * (Long) cell.get("place") / getColumns()),
                    title));
        }
        String among = " FROM bad_slot_page WHERE slot >= " + from + " AND slot < " + to;
        this.badCount = (Long)
                Evidence.one(database, "SELECT count(*) AS slots" + among).get("slots");
        this.bad = Evidence.rows(database, "SELECT *" + among + " ORDER BY slot LIMIT " + HtmlCharts.MOST_NAMED_ROUNDS);
    }

    public int getColumns() {
        return (perDay + perCell - 1) / perCell;
    }

    /** In percent, as the height is: a gap remains. */
    public String getCellWidth() {
        return HtmlAxis.percent(88.0 / getColumns());
    }

    public String getCellHeight() {
        return HtmlAxis.percent(86.0 / dayCount);
    }

    public int getPerCell() {
        return perCell;
    }

    public List<Day> getDays() {
        return days;
    }

    /** The first of them; {@link #getBadCount} says how many there are. */
    public List<Map<String, Object>> getBad() {
        return bad;
    }

    public long getBadCount() {
        return badCount;
    }

    /** Where the hours lie, as the soak's day begins when the soak began. */
    public List<HtmlAxis.Tick> getHours() {
        List<HtmlAxis.Tick> hours = new ArrayList<>();
        for (int hour = 0; hour < 24; hour += 3) {
            long seconds = Math.floorMod(hour * 3600L - firstPlace, Schedule.SECONDS_PER_DAY);
            hours.add(HtmlAxis.Tick.at(seconds / 864.0, (hour < 10 ? "0" : "") + hour + ":00", hour % 6 != 0));
        }
        return hours;
    }
}
