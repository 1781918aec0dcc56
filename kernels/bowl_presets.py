"""Stadiums at true size, each after the measures of real ones of its kind.

Pitches, tracks and rinks are of the size that their sports prescribe; the round figures of seats and of the
buildings' sizes are those that their operators give for the public.
"""

from __future__ import annotations

from .bowl import Bowl, Fittings, Floor, Plan, Roof, Tier

#: After the largest stadium known by capacity, in Pyongyang: 114,000 seats counted, axes of about 450 by
#: 350 m over the roof, 8 storeys, 16 arches over 60 m up that reach 60 m inward and 40 m outward. Its pitch
#: and track lie in an arena of 25,000 square metres. The rows of its upper tier go on from those of the lower
#: one in the same slope, with nothing between them but a railing, so that a picture in the east stand is one.
MAY_DAY = Bowl(
    plan=Plan("superellipse", half_width=66.0, half_length=112.0, exponent=2.6),
    tiers=(
        Tier(
            rows=38,
            row_pitch=0.8,
            depth=0.0,
            front_height=3.0,
            c_value=0.12,
            vomitories=21,
            vomitory_row=16,
            balustrade=1.0,
            gangway=0.0,
        ),
        Tier(
            rows=42,
            row_pitch=0.8,
            depth=38 * 0.8,
            front_height=17.69,
            c_value=0.12,
            vomitories=28,
            vomitory_row=10,
            balustrade=0.9,
            gangway=2.0,
        ),
    ),
    roof=Roof("petals", inward=60.0, outward=40.0, height=66.0, bays=16),
    floor=Floor("athletics", half_width=60.0, half_length=85.0, lanes=8),
    fittings=Fittings(floodlights=16, floodlight_height=60.0, scoreboards=2, tunnel=True, torch=True),
    focus=17.0,
    concourse=7.0,
)

#: After the Olympic bowls of Berlin (74,475 seats, a roof 68 m deep) and Beijing (80,000 without those added
#: for the Games): two tiers around a 400 m track of 9 lanes, whose kerb has a radius of 36.5 m and straights
#: of 84.39 m (World Athletics), and a ring roof over all seats.
OLYMPIC = Bowl(
    plan=Plan("athletics", half_width=51.0, half_length=93.2),
    tiers=(
        Tier(
            rows=40,
            row_pitch=0.8,
            depth=0.0,
            front_height=1.6,
            c_value=0.08,
            vomitories=17,
            vomitory_row=20,
            gangway=2.4,
        ),
        Tier(
            rows=27,
            row_pitch=0.82,
            depth=33.0,
            front_height=19.5,
            c_value=0.08,
            vomitories=25,
            vomitory_row=4,
            balustrade=1.1,
        ),
    ),
    roof=Roof("ring", inward=62.0, outward=6.0, height=44.0, bays=76),
    floor=Floor("athletics", half_width=46.0, half_length=76.0, lanes=9),
    fittings=Fittings(floodlights=56, floodlight_height=45.0, scoreboards=2, tunnel=True, torch=True),
    seat_width=0.5,
    focus=11.0,
    concourse=8.0,
)

#: After the arenas of Munich (75,024 places in three tiers that rise by 24, 30 and 34 degrees) and others
#: built for football alone: a pitch of 105 by 68 m (FIFA) in a bowl that bends around its corners.
FOOTBALL = Bowl(
    plan=Plan("superellipse", half_width=48.5, half_length=67.5, exponent=3.3),
    tiers=(
        Tier(
            rows=30,
            row_pitch=0.8,
            depth=0.0,
            front_height=1.2,
            c_value=0.1,
            vomitories=14,
            vomitory_row=14,
            gangway=2.0,
        ),
        Tier(
            rows=24,
            row_pitch=0.8,
            depth=26.2,
            front_height=15.5,
            c_value=0.1,
            block=12.0,
            vomitories=23,
            vomitory_row=3,
            balustrade=1.1,
        ),
        Tier(
            rows=20,
            row_pitch=0.8,
            depth=47.2,
            front_height=29.8,
            c_value=0.08,
            block=12.0,
            vomitories=29,
            vomitory_row=3,
            balustrade=1.1,
        ),
    ),
    roof=Roof("cable_net", inward=60.0, outward=8.0, height=50.0, bays=48),
    floor=Floor("football", half_width=38.0, half_length=56.0),
    fittings=Fittings(floodlights=48, floodlight_height=50.0, scoreboards=2, tunnel=True),
    seat_width=0.5,
    focus=8.0,
    concourse=9.0,
)

#: After the ground of Melbourne: 100,024 places, an oval of 171 by 146 m inside its fence, six masts of 75 m,
#: and roofs over a part of its stands.
CRICKET = Bowl(
    plan=Plan("ellipse", half_width=78.0, half_length=90.0),
    tiers=(
        Tier(
            rows=34,
            row_pitch=0.8,
            depth=0.0,
            front_height=1.2,
            c_value=0.08,
            vomitories=19,
            vomitory_row=16,
            gangway=2.4,
        ),
        Tier(
            rows=18,
            row_pitch=0.82,
            depth=29.6,
            front_height=17.5,
            c_value=0.09,
            vomitories=26,
            vomitory_row=3,
            balustrade=1.1,
        ),
        Tier(
            rows=26,
            row_pitch=0.82,
            depth=46.4,
            front_height=28.0,
            c_value=0.08,
            vomitories=29,
            vomitory_row=3,
            balustrade=1.1,
        ),
    ),
    roof=Roof("ring", inward=34.0, outward=5.0, height=52.0, bays=64, first=0.11, last=0.89),
    floor=Floor("cricket", half_width=68.0, half_length=80.0),
    fittings=Fittings(floodlights=6, floodlight_height=75.0, scoreboards=2, tunnel=True),
    seat_width=0.5,
    focus=8.0,
    concourse=8.0,
)

#: After the halls of American cities, with 17,000 to 20,000 seats about a rink of 200 by 85 feet (61 by 26 m,
#: NHL), on whose place a court or a stage goes; here without its lid, so that cameras can look in.
ARENA = Bowl(
    plan=Plan("rounded_rectangle", half_width=16.0, half_length=33.0, corner=14.0),
    tiers=(
        Tier(
            rows=21,
            row_pitch=0.84,
            depth=0.0,
            front_height=0.6,
            c_value=0.07,
            vomitories=6,
            vomitory_row=12,
            gangway=2.0,
        ),
        Tier(
            rows=17,
            row_pitch=0.84,
            depth=19.8,
            front_height=13.0,
            c_value=0.07,
            block=11.0,
            vomitories=13,
            vomitory_row=3,
            balustrade=1.1,
        ),
    ),
    roof=Roof("cable_net", inward=30.0, outward=4.0, height=30.0, bays=32),
    floor=Floor("court", half_width=13.0, half_length=28.0),
    fittings=Fittings(floodlights=24, floodlight_height=30.0, scoreboards=2, tunnel=True),
    seat_width=0.52,
    focus=6.0,
    concourse=6.0,
)

#: One straight bank of bleachers along an American football field of 120 by 53 1/3 yards (109.7 by 48.8 m),
#: with benches of 18 inches a seat and rows of 30 inches, as card stunts were first turned on.
COLLEGE_STAND = Bowl(
    plan=Plan("rounded_rectangle", half_width=32.0, half_length=66.0, corner=14.0),
    tiers=(
        Tier(
            rows=40,
            row_pitch=0.76,
            depth=0.0,
            front_height=1.5,
            c_value=0.06,
            first=-0.138,
            last=0.138,
            block=13.0,
            vomitories=4,
            vomitory_row=14,
            balustrade=1.1,
            gangway=2.0,
        ),
    ),
    roof=Roof("none"),
    floor=Floor("football", half_width=28.0, half_length=60.0),
    fittings=Fittings(floodlights=4, floodlight_height=32.0, scoreboards=1, tunnel=False),
    seat_width=0.457,
    focus=7.0,
    concourse=2.0,
)

#: A tribune along a parade ground: one covered stand of 110 m, as at squares where parades pass.
TRIBUNE = Bowl(
    plan=Plan("rounded_rectangle", half_width=32.0, half_length=80.0, corner=12.0),
    tiers=(
        Tier(
            rows=22,
            row_pitch=0.85,
            depth=0.0,
            front_height=2.0,
            c_value=0.09,
            first=-0.128,
            last=0.128,
            block=13.0,
            vomitories=4,
            vomitory_row=10,
            balustrade=1.0,
            gangway=3.0,
        ),
    ),
    roof=Roof("ring", inward=21.0, outward=3.0, height=19.0, bays=64, first=-0.13, last=0.13),
    floor=Floor("parade", half_width=30.0, half_length=76.0),
    fittings=Fittings(floodlights=12, floodlight_height=19.0, scoreboards=0, tunnel=False),
    seat_width=0.5,
    focus=8.0,
    concourse=4.0,
)

PRESETS = {
    "may_day": MAY_DAY,
    "olympic": OLYMPIC,
    "football": FOOTBALL,
    "cricket": CRICKET,
    "arena": ARENA,
    "college_stand": COLLEGE_STAND,
    "tribune": TRIBUNE,
}
