-- Finds the devices that are good for nothing any more without reading all of them.
CREATE INDEX visitor_devices_expiry ON visitor_devices (expires_at);
