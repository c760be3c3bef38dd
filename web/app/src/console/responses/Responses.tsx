export default function Responses() { return null; }
