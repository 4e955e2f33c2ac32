import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { feature } from "topojson-client";
import type { Feature, Geometry } from "geojson";
import type { GeometryCollection, Topology } from "topojson-specification";

export interface WardShape {
  code: string;
  name: string;
}
export type WardMap = Topology<Record<string, GeometryCollection<WardShape>>>;

/** One mark on the map; `kind` becomes its class, `label` says both place and state. */
export interface Pin {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly kind: string;
  readonly name: string;
  readonly label: string;
  readonly onClick: (() => void) | null;
}

const PIN_SIZE = 26;
/** How close to look at one station: streets when there are tiles, else the shape of its ward. */
const CLOSE_ZOOM = { tiles: 16, shapes: 14 };
/** More names than this would hide each other. */
const MAX_NAMES = 6;

/** Wards as shapes and stations as pins. Works without tiles; with them, they lie under the shapes. */
export class Chart {
  readonly #map: L.Map;
  readonly #pins = L.layerGroup();
  readonly #closeZoom: number;
  readonly #ownWards: ReadonlySet<string>;
  #drawn = "";

  constructor(
    element: HTMLElement,
    wards: WardMap | null,
    ownWards: ReadonlySet<string>,
    tilesUrl: string | null,
  ) {
    this.#ownWards = ownWards;
    this.#closeZoom = tilesUrl ? CLOSE_ZOOM.tiles : CLOSE_ZOOM.shapes;
    this.#map = L.map(element, { attributionControl: false, zoomSnap: 0.25, fadeAnimation: false });
    if (tilesUrl) L.tileLayer(tilesUrl, { maxZoom: 19 }).addTo(this.#map);
    const shapes = wards ? wardLayer(wards, ownWards).addTo(this.#map) : null;
    this.#pins.addTo(this.#map);
    const bounds = shapes ? boundsOf(shapes, ownWards) : null;
    if (bounds?.isValid()) this.#map.fitBounds(bounds, { padding: [12, 12] });
    else this.#map.setView([10.78, 106.7], 11);
  }

  /** @param centre the id of the pin to look at closely, if any. */
  draw(pins: readonly Pin[], centre: string | null): void {
    const signature = JSON.stringify(pins);
    if (signature === this.#drawn) return;
    const isFirst = this.#drawn === "";
    this.#drawn = signature;
    this.#pins.clearLayers();
    const named = namedOf(pins, centre);
    for (const pin of pins) this.#pins.addLayer(marker(pin, named.get(pin.id), pin.id === centre));
    const aim = pins.find((pin) => pin.id === centre);
    if (isFirst && this.#ownWards.size === 0 && pins.length > 0) this.#fit(pins);
    if (aim && isFirst) this.#map.setView([aim.lat, aim.lon], this.#closeZoom, { animate: false });
  }

  /** Whoever watches a whole city looks at where its stations are, not at its farthest islands. */
  #fit(pins: readonly Pin[]): void {
    const places = L.latLngBounds(pins.map(({ lat, lon }) => [lat, lon]));
    this.#map.fitBounds(places.pad(0.3), { animate: false, maxZoom: this.#closeZoom });
  }

  resize(): void {
    this.#map.invalidateSize({ animate: false });
  }
  remove(): void {
    this.#map.remove();
  }
}

function wardLayer(wards: WardMap, own: ReadonlySet<string>): L.GeoJSON<WardShape> {
  const [collection] = Object.values(wards.objects);
  if (!collection) return L.geoJSON<WardShape>();
  return L.geoJSON<WardShape>(feature(wards, collection), {
    style: (ward) => ({ className: own.has(ward?.properties.code ?? "") ? "ward own" : "ward" }),
    onEachFeature: (ward: Feature<Geometry, WardShape>, layer) =>
      layer.bindTooltip(ward.properties.name, { sticky: true }),
  });
}

function boundsOf(shapes: L.GeoJSON<WardShape>, own: ReadonlySet<string>): L.LatLngBounds {
  const bounds = L.latLngBounds([]);
  shapes.eachLayer((layer) => {
    const ward = (layer as L.Polygon<WardShape>).feature?.properties as WardShape | undefined;
    if (own.size === 0 || own.has(ward?.code ?? "")) bounds.extend((layer as L.Polygon).getBounds());
  });
  return bounds;
}

type Side = "left" | "right";

/**
 * The pins that carry their name, and on which side: the one looked at, else those who call, as long as the names can
 * be read. Western pins are named on their left, so that names of neighbours do not hide each other.
 */
function namedOf(pins: readonly Pin[], centre: string | null): ReadonlyMap<string, Side> {
  if (centre !== null) return new Map([[centre, "right"]]);
  const calling = pins.filter((pin) => pin.kind === "sos").toSorted((one, other) => one.lon - other.lon);
  const western = Math.floor(calling.length / 2);
  if (calling.length > MAX_NAMES) return new Map();
  return new Map(calling.map((pin, index) => [pin.id, index < western ? "left" : "right"]));
}

function marker(pin: Pin, nameAt: Side | undefined, isAim: boolean): L.Marker {
  const icon = L.divIcon({
    className: `pin ${pin.kind}${isAim ? " aim" : ""}`,
    iconSize: [PIN_SIZE, PIN_SIZE],
  });
  const mark = L.marker([pin.lat, pin.lon], {
    icon,
    title: pin.label,
    keyboard: pin.onClick !== null,
    interactive: pin.onClick !== null,
    zIndexOffset: isAim ? 2_000 : pin.kind === "sos" ? 1_000 : 0,
  });
  if (pin.onClick) mark.on("click", pin.onClick).on("keypress", (event) => isEnter(event) && pin.onClick?.());
  const offset: L.PointTuple = [nameAt === "left" ? -14 : 14, 0];
  if (nameAt) mark.bindTooltip(pin.name, { permanent: true, direction: nameAt, offset });
  return mark;
}

const isEnter = (event: L.LeafletEvent) => (event as L.LeafletKeyboardEvent).originalEvent.key === "Enter";
