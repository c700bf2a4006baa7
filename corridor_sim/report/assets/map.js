/* The interactive map: land, flows and queues as Leaflet layers; consignments of a trace on a canvas above them. */
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const map = L.map("map-canvas", {
    crs: L.CRS.Simple, minZoom: -5, maxZoom: 3, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90,
    attributionControl: false, maxBounds: [[-9000, -8000], [5000, 7500]],
  });
  window.corridorMap = map; // for who wants to look closer, and for tests
  map.fitBounds(data.frame);

  function el(tag, text, parent) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  function tip(title, rows) {
    const box = el("div");
    box.className = "tip";
    el("strong", title, box);
    const table = el("table", undefined, box);
    for (const row of rows) {
      const line = el("tr", undefined, table);
      row.forEach(cell => el("td", cell, line));
    }
    return box;
  }

  function told(layer, title, rows) {
    return layer.bindTooltip(() => tip(title, rows), {sticky: true}).bindPopup(() => tip(title, rows), {maxWidth: 320});
  }

  const land = L.layerGroup().addTo(map);
  const still = {interactive: false, weight: null};
  data.land.land.forEach(rings => L.polygon(rings, {...still, className: "map-land"}).addTo(land));
  data.land.borders.forEach(line => L.polyline(line, {...still, className: "map-border"}).addTo(land));
  data.land.shores.forEach(line => L.polyline(line, {...still, className: "map-shore"}).addTo(land));

  const most = Math.max(...data.sections.map(s => s.all));
  const width = mt => Math.max(1.2, 12 * Math.min(1, Math.max(0.35, Math.sqrt(most / 5))) * mt / most);
  const other = L.layerGroup(), flows = {rail: L.layerGroup(), road: L.layerGroup(), sea: L.layerGroup()};
  for (const s of data.sections) {
    if (s.all > 1.01 * s.mt) {
      told(L.polyline(s.line, {className: "map-other", weight: width(s.all)}), s.title, s.rows).addTo(other);
    }
    if (s.mt > 0.001 * s.all) {
      told(L.polyline(s.line, {className: `map-${s.mode}`, weight: width(s.mt)}), s.title, s.rows).addTo(flows[s.mode]);
    }
  }
  const queues = L.layerGroup(), largest = Math.max(5000, ...data.queues.map(q => q.t));
  for (const q of data.queues) {
    const radius = Math.max(2, 18 * Math.sqrt(q.t / largest));
    const circle = L.circleMarker(q.at, {className: "map-queue", radius});
    told(circle, `${q.title}: ${(q.t / 1000).toFixed(2)} kt waiting`, q.rows).addTo(queues);
  }
  const nodes = L.layerGroup();
  for (const n of data.nodes) {
    L.circleMarker(n.at, {className: "map-node", radius: 2.2, interactive: false}).addTo(nodes);
  }

  /* Names: as many as there is room for, the most important first; countries and seas give way to places. */
  const Names = L.Layer.extend({
    onAdd(map) {
      this.box = L.DomUtil.create("div", "leaflet-zoom-hide", map.getPane("markerPane"));
      map.on("zoomend moveend resize", this.write, this);
      this.write();
    },
    onRemove(map) {
      map.off("zoomend moveend resize", this.write, this);
      this.box.remove();
    },
    write() {
      this.box.replaceChildren();
      const taken = [], view = map.getBounds().pad(0.1);
      const all = [...data.nodes].sort((a, b) => a.rank - b.rank).map(n => ({...n, kind: "node"}))
        .concat(map.getZoom() < 0 ? data.names : []);
      for (const n of all) {
        if (!view.contains(n.at)) continue;
        const at = map.latLngToLayerPoint(n.at), wide = n.name.length * (n.kind === "node" ? 6.2 : 9);
        const left = n.kind === "node" ? at.x + 4 : at.x - wide / 2;
        const place = [left, at.y - 8, left + wide, at.y + 8];
        if (taken.some(t => t[0] < place[2] && t[2] > place[0] && t[1] < place[3] && t[3] > place[1])) continue;
        taken.push(place);
        const label = el("span", n.name, this.box);
        label.className = `map-label ${n.kind === "sea" ? "water" : n.kind}`;
        label.style.left = `${at.x}px`;
        label.style.top = `${at.y}px`;
      }
    },
  });
  const names = new Names();

  const layers = {"All traffic on the same lines": other, "Cargo by sea": flows.sea, "Cargo by road": flows.road,
    "Cargo by rail": flows.rail, "Cargo waiting": queues, "Places": nodes, "Names": names};
  Object.values(layers).forEach(layer => layer.addTo(map));
  if (data.animation) animate(data.animation, layers);
  L.control.layers(null, layers, {collapsed: window.innerWidth < 900}).addTo(map);

  function animate(a, layers) {
    const times = decode(a.times), lines = a.lines.map(measure), trips = [];
    let read = 0;
    for (const itinerary of a.itineraries) {
      for (let k = 0; k < itinerary.n; k++) {
        trips.push({moves: itinerary.moves, from: read});
        read += 2 * itinerary.moves.length;
      }
    }
    const Moving = L.Layer.extend({
      onAdd(map) {
        this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPane("overlayPane"));
        this.canvas.style.pointerEvents = "none";
        this.canvas.style.zIndex = 450;
        map.on("move zoomend resize viewreset", this.draw, this);
        this.draw();
      },
      onRemove(map) {
        map.off("move zoomend resize viewreset", this.draw, this);
        this.canvas.remove();
      },
      draw() {
        if (this._map) drawAt(this.canvas, hour);
      },
    });
    const moving = new Moving();
    layers["Consignments (play)"] = moving;

    const play = document.getElementById("play"), speed = document.getElementById("speed");
    const day = document.getElementById("day"), moment = document.getElementById("moment");
    day.max = Math.floor(a.length_h / 24);
    let hour = 0, last = null, counts = {rail: 0, road: 0, sea: 0, standing: 0};

    function decode(text) {
      const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      return new Uint16Array(bytes.buffer);
    }

    function measure(line) {
      const at = [0];
      for (let i = 1; i < line.points.length; i++) {
        at.push(at[i - 1] + Math.hypot(line.points[i][0] - line.points[i - 1][0], line.points[i][1] - line.points[i - 1][1]));
      }
      return {...line, at};
    }

    function along(line, share) {
      const wanted = share * line.at[line.at.length - 1];
      let i = 1;
      while (i < line.at.length - 1 && line.at[i] < wanted) i++;
      const part = (wanted - line.at[i - 1]) / (line.at[i] - line.at[i - 1] || 1);
      const p = line.points[i - 1], q = line.points[i];
      return [p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])];
    }

    /* Where a trip is at a time: on its way along a line, or standing at the end of one; null before and after. */
    function whereIs(trip, t) {
      let standing = null;
      for (let m = 0; m < trip.moves.length; m++) {
        const start = times[trip.from + 2 * m], end = times[trip.from + 2 * m + 1];
        if (start === a.never || t < start) return standing;
        const move = trip.moves[m], line = lines[Math.abs(move) - 1];
        if (t < end) {
          const share = (t - start) / (end - start);
          return {line, point: along(line, move > 0 ? share : 1 - share)};
        }
        standing = m === trip.moves.length - 1 ? null : {point: line.points[move > 0 ? line.points.length - 1 : 0]};
      }
      return standing;
    }

    function drawAt(canvas, hour) {
      const size = map.getSize(), ratio = window.devicePixelRatio || 1, origin = map.containerPointToLayerPoint([0, 0]);
      L.DomUtil.setPosition(canvas, origin);
      if (canvas.width !== size.x * ratio || canvas.height !== size.y * ratio) {
        canvas.width = size.x * ratio;
        canvas.height = size.y * ratio;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      const zero = map.latLngToContainerPoint([0, 0]), one = map.latLngToContainerPoint([1000, 1000]);
      const place = p => [zero.x + p[1] * (one.x - zero.x) / 1000, zero.y + p[0] * (one.y - zero.y) / 1000];
      const pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
      const colours = {rail: style.getPropertyValue("--rail"), road: style.getPropertyValue("--road"), sea: style.getPropertyValue("--ship")};
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size.x, size.y);
      counts = {rail: 0, road: 0, sea: 0, standing: 0};
      const standing = new Map(), t = hour / a.tick_h, shapes = [];
      for (const trip of trips) {
        const found = whereIs(trip, t);
        if (!found) continue;
        if (found.line) {
          counts[found.line.mode]++;
          shapes.push([found.line.mode, place(found.point)]);
        } else {
          counts.standing++;
          const key = found.point.join();
          standing.set(key, [found.point, (standing.get(key) || [0, 0])[1] + 1]);
        }
      }
      pen.fillStyle = style.getPropertyValue("--queue");
      pen.globalAlpha = 0.45;
      for (const [point, n] of standing.values()) {
        const [x, y] = place(point);
        pen.beginPath();
        pen.arc(x, y, 1.6 * Math.sqrt(n) + 1, 0, 2 * Math.PI);
        pen.fill();
      }
      pen.globalAlpha = 1;
      pen.strokeStyle = style.getPropertyValue("--paper");
      pen.lineWidth = 0.7;
      for (const [mode, [x, y]] of shapes) {
        pen.fillStyle = colours[mode];
        pen.beginPath();
        if (mode === "rail") pen.rect(x - 4.5, y - 2, 9, 4);
        else if (mode === "road") [[0, -4], [3.6, 3], [-3.6, 3]].forEach(([u, v], i) => pen[i ? "lineTo" : "moveTo"](x + u, y + v));
        else [[0, -5], [5, 0], [0, 5], [-5, 0]].forEach(([u, v], i) => pen[i ? "lineTo" : "moveTo"](x + u, y + v));
        pen.closePath();
        pen.fill();
        pen.stroke();
      }
      const date = new Date(Date.parse(a.begin) + hour * 3600e3).toISOString();
      moment.textContent = `${date.slice(0, 10)} ${date.slice(11, 13)}h: ${counts.rail} trains, ${counts.road} trucks, ` +
        `${counts.sea} ships moving, ${counts.standing} standing`;
      day.value = Math.floor(hour / 24);
    }

    function show(wanted) {
      hour = Math.min(Math.max(wanted, 0), a.length_h);
      if (!map.hasLayer(moving)) moving.addTo(map);
      moving.draw();
    }

    function frame(now) {
      if (play.getAttribute("aria-pressed") !== "true") return;
      if (last !== null) show(hour + Math.min(now - last, 200) / 1000 * Number(speed.value));
      last = now;
      if (hour >= a.length_h) return pause();
      requestAnimationFrame(frame);
    }

    function pause() {
      play.setAttribute("aria-pressed", "false");
      play.textContent = "Play";
    }

    play.addEventListener("click", () => {
      if (play.getAttribute("aria-pressed") === "true") return pause();
      play.setAttribute("aria-pressed", "true");
      play.textContent = "Pause";
      if (hour >= a.length_h) hour = 0;
      last = null;
      show(hour);
      requestAnimationFrame(frame);
    });
    day.addEventListener("input", () => show(24 * Number(day.value)));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => moving.draw());
    moment.textContent = `from ${a.begin.slice(0, 10)}, ${trips.length.toLocaleString("en")} consignments`;
  }
})();
